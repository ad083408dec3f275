"""How far the search looked, line by line."""

from datetime import datetime

from firsthand.desk.documents.match import FalseMatches, Searched
from firsthand.desk.report.clock import civil
from firsthand.desk.report.sentences import counted, hours
from firsthand.desk.report.visible import visible

_MOST_NAMES = 40


def searched_rows(searched: Searched, archive_name: str | None) -> tuple[tuple[str, str], ...]:
    """Pairs of a term and what is known of it."""
    named = (("Archive", visible(archive_name)),) if archive_name else ()
    return (
        *named,
        ("Items compared", f"{counted(searched.items, 'item')}, {hours(searched.hours)}"),
        ("Collections", "all" if searched.collections is None else _listed(searched.collections)),
        *((("Kept to", "; ".join(kept_to(searched))),) if kept_to(searched) else ()),
        ("Earliest date stated", visible(searched.earliest, 60) if searched.earliest else "no item states a date"),
        ("State of the archive", _moment(searched.as_of)),
        ("Methods", _listed(searched.methods)),
    )


def kept_to(searched: Searched) -> list[str]:
    """What the search was kept to beside collections: kinds, and dates with how many items lacked one."""
    parts = ["kind: " + ", ".join(searched.kinds)] if searched.kinds else []
    since, until = searched.published_since, searched.published_until
    if since or until:
        ends = [f"since {since}"] if since else []
        ends += [f"until {until}"] if until else []
        left_out = counted(searched.undated_left_out or 0, "item")
        parts.append(f"published {' '.join(ends)} ({left_out} without a stated date left out)")
    return parts


def error_sentences(rate: FalseMatches) -> tuple[str, ...]:
    """How often unrelated footage was matched by mistake, with the count, what it was counted on, and the bound."""
    if rate.query_hours <= 0:
        return ("How often unrelated footage is matched by mistake has not been measured at this setting.",)
    count = "no match by mistake" if rate.observed == 0 else counted(rate.observed, "match", "matches") + " by mistake"
    bound = (
        "An upper bound was not worked out."
        if rate.upper_95_per_1000_h is None
        else f"With 95% confidence the rate is at most {rate.upper_95_per_1000_h:,.1f} in 1,000 hours of queries."
    )
    return (
        f"Asked with {hours(rate.query_hours)} of unrelated footage, the methods gave {count}.",
        bound,
        *((f"Basis: {visible(rate.basis, 600).rstrip('.')}.",) if rate.basis else ()),
    )


def _listed(names: list[str]) -> str:
    shown = ", ".join(visible(name, 80) for name in names[:_MOST_NAMES])
    more = len(names) - _MOST_NAMES
    return (f"{shown} and {more:,} more" if more > 0 else shown) or "none"


def _moment(text: str | None) -> str:
    if text is None:
        return "not searched"
    try:
        return civil(datetime.fromisoformat(text))
    except ValueError:
        return visible(text, 60)
