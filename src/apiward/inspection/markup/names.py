"""Names of tags and attributes by what they can do."""

from typing import Final

RUNNING: Final = frozenset(
    """
    script iframe object embed applet base frame frameset layer ilayer bgsound isindex xml svg math portal
    foreignobject animate set animatetransform handler listener meta noscript xss noembed vmlframe t:set ?import
    ?xml:namespace marquee template plaintext xmp
    """.split()
)
"""Tags that run, load or redirect by themselves."""
ACTIVE: Final = frozenset(
    """
    style link form input button textarea select isindex video audio source keygen details body html head title
    dialog frameset
    """.split()
)
"""Tags that change a page or ask its reader for something."""
HARMLESS: Final = frozenset(
    """a abbr b blockquote br caption center cite code col colgroup dd del div dl dt em figure figcaption font h1
    h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp small span strike strong sub sup table tbody td tfoot th
    thead tr tt u ul var wbr section article nav header footer main aside address time""".split()
)
"""Tags that only format; they pass unless an attribute acts."""
ADDRESSES: Final = frozenset(
    """href src action formaction data poster background dynsrc lowsrc xlink:href codebase cite longdesc usemap profile
    classid from to values content manifest icon srcdoc srcset ping value implementation""".split()
)
"""Attributes that hold addresses."""
EVENTS: Final = (
    r"abort|activate|after\w+|animation\w+|auxclick|before\w+|begin|blur|bounce|canplay\w*|change|click|close"
    r"|contextmenu|copy|cuechange|cut|dblclick|drag\w*|drop|durationchange|emptied|end|ended|error|filterchange"
    r"|finish|focus\w*|form\w+|fullscreen\w+|got\w+|hashchange|input|invalid|key\w+|load\w*|lost\w+|message\w*"
    r"|mouse\w*|offline|online|page\w+|paste|pause|play\w*|pointer\w*|popstate|progress|propertychange|ratechange"
    r"|readystatechange|repeat|reset|resize|scroll\w*|search|security\w+|seek\w*|select\w*|show|stalled|start"
    r"|storage|submit|suspend|time\w*|toggle|touch\w*|transition\w+|unhandledrejection|unload|volumechange|waiting"
    r"|webkit\w+|wheel|x"
)
"""Names of events without their `on`, as one pattern."""
GENERIC: Final = frozenset(
    "object set form input button source title link body details style template handler listener".split()
)
"""Tags whose names are types in programs too."""
