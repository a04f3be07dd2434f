"""Literals without which a text is not read as SQL at all."""

from typing import Final

from apiward.inspection.sql.words import ACTING

_QUOTES: Final = "'\"`"
_BREAKS: Final = " \t\n\r\x0b\x00)=|&<>+-*/%^!~;#({,\\@"
_WORDS: Final = """
    or and un xor sel ha gr wh like rl re is in be no pr as de ex dr if end go ins up di mo so wa fo cr al tr
    sh ca li""".split()
_BEFORE_LOGIC: Final = " )+/\t\n\x00\x0b0123456789(!"
_LOGIC: Final = ("xor", *(word + after for word in ("or", "and") for after in " (+-!'\"/\n\t.~@%"))
_PLAIN: Final = """
    || && select union having /* -- exec declare waitfor where insert update delete drop alter
    create truncate shutdown iif( isnull( char( chr( mid( version( database( user( schema( if( @@ ifnull(
    compress( hex( conv( length( ascii( substr concat begin boolean analyse""".split()

_BLANKS: Final = (" b", "  ", "+", "\t", "\n", "\r", "/*", "%", "\x0b", "\x00", "\xa0", "#", "--")
"""What may stand between `order` and `by`."""

SQL_SIGNS: Final = (
    *(quote + after for quote in _QUOTES for after in (*_BREAKS, *_WORDS)),
    *(before + word for before in _BEFORE_LOGIC for word in _LOGIC),
    *(digit + "=" for digit in "0123456789"),
    *(before + "#" for before in "0123456789)'\""),
    *_PLAIN,
    *sorted(ACTING),
    *(word + blank for word in ("order", "group") for blank in _BLANKS),
    *("'''", "#\n", "#\r", "limit ", "print @", "case when", "kill ", "grant ", "call ", "merge "),
)
