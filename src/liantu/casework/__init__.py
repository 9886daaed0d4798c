"""Closed loops: a flow as data, cases as append-only histories, clocks of working time. Pure.

days.py seed.py calendar.py     which days are worked, and minutes of work between two instants
hours.py instants.py limits.py  hours of work, minutes of China's time, limits
flow.py flow_read.py check.py   a flow, how it is read, how it is proved
case.py act.py guards.py        a history, how it grows, what may stop it
clocks.py steps.py health.py escalate.py    what follows from a history at an instant
"""
