"""Days and hours of made-up rows, one after the other."""

import datetime as dt

START = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
DAY = dt.date(2020, 1, 1)


def at(number: int) -> dt.datetime:
    return START + dt.timedelta(hours=number)


def on(number: int) -> dt.date:
    return DAY + dt.timedelta(days=number % 2000)
