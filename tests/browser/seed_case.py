"""The case *Revidering av Regler för planering och uppföljning* as it was really written (2016).

From the proposal RS/101/2015 that the regional director laid before the board; its people are
named by their roles alone.
"""

from __future__ import annotations

HEADING = "Revidering av Regler för planering och uppföljning"
TITLE = (
    "Revidering av Regler för planering och uppföljning enligt "
    "Region Jämtland Härjedalens styrmodell"
)
DECISION = (
    "Reviderade regler för planering och uppföljning enligt Region Jämtland Härjedalens "
    "styrmodell fastställs."
)
PROPOSAL = f"Regionstyrelsen föreslår regionfullmäktige: {DECISION}"
EARLIER = (
    "Den 10 februari 2016, § 14, beslutade regionfullmäktige om regler för planering och "
    "uppföljning enligt Region Jämtland Härjedalens styrmodell."
)
BACKGROUND = (
    "Reglerna utgick från huvudprinciperna i den styrmodell som gällt sedan 2013, reviderade med "
    "anledning av bildandet av Region Jämtland Härjedalen, och med anledning av en ny "
    "tjänstemannaorganisation från och med den 1 januari 2016 och en ny politisk organisation som "
    "gäller från och med 1 december 2015. Nu har ytterligare en revidering gjorts utifrån att "
    "tydliggöra förvaltningarnas ansvar."
)
CONSEQUENCES = (
    "Regiondirektören utfärdar enligt denna revidering direktiv till förvaltningarnas "
    "verksamhetsplanering utifrån regionplan och styrelsens och nämndernas verksamhetsplaner. "
    "Utifrån detta gör förvaltningarna sina verksamhetsplaner. Regiondirektören godkänner "
    "förvaltningarnas verksamhetsplaner och fokuserar därefter på uppföljning av verkställigheten "
    "av dem."
)
PURPOSE = (
    "Syftet med styrmodellen är att det ska finnas en enhetlig, systematisk och tydlig struktur "
    "för hur Region Jämtland Härjedalen ska styras och följas upp. Styrmodellen ska medverka till "
    "att politiska målen uppfylls och att kvaliteten säkerställs."
)
RULES = (
    "Reglerna redogör för hur styrmodellen fungerar och vilken ansvarsfördelning som gäller i det "
    "interna arbetet. Det finns också en beskrivning av vilka perspektiv, till exempel miljö och "
    "jämställdhet, som ska finnas med när beslutsunderlag upprättas."
)
SUMMARY = f"{EARLIER} {BACKGROUND} {CONSEQUENCES}\n\n{PURPOSE}\n\n{RULES}"
EXCERPT_TO = (
    "Förvaltningschefer",
    "Regionstabschef",
    "Avdelningschefer",
    "Områdeschefer",
    "Verksamhetsstrateger",
    "Sekreterare i politiska organ",
)
