## The front page and the zones

zone-home-title = Workshop problems, meet the teams that can solve them
zone-home-lede = { $site } brings the firms of the park and university research teams together. Firms post needs, teams show results, and park staff review, suggest and introduce. Contact details are exchanged only when both sides say yes.
zone-post-need = Post a need
zone-see-results = See research results
zone-register = Register an enterprise
zone-live-needs = live needs
zone-live-results = live results
zone-zones = Zones
zone-zone = Zone
zone-enterprises = Enterprises
zone-teams = Research teams
zone-needs = Needs
zone-results = Results
zone-count-enterprises = { $n ->
    [one] one enterprise
   *[other] { $n } enterprises
}
zone-count-teams = { $n ->
    [one] one team
   *[other] { $n } teams
}
zone-count-needs = { $n ->
    [one] one need
   *[other] { $n } needs
}
zone-count-results = { $n ->
    [one] one result
   *[other] { $n } results
}
zone-newest-needs = Newest needs
zone-newest-results = Newest results
zone-needs-all = All needs
zone-results-all = All results
zone-all = All { $n }
zone-needs-none = There are no live needs at the moment
zone-results-none = There are no live results at the moment
zone-enterprises-none = No enterprise has been verified yet
zone-teams-none = No team has been verified yet
zone-posted = Posted { $day }
zone-until = live until { $day }
zone-anonymous = Anonymous enterprise
zone-how = How it works
zone-how-post = 1. Say what you need
zone-how-post-text = Write down how things are, the figures you want and by when. Save a draft at any time. Staff review it and tell you what to make clearer before it is published.
zone-how-match = 2. See who fits, and why
zone-how-match-text = The hall finds suitable teams among published results. Each suggestion shows its points and the words that matched, so you can see why.
zone-how-meet = 3. Meet when both agree
zone-how-meet-text = You ask for an introduction and the team answers by mail. Only after two yeses do both sides receive contact details and a time to meet.

## The desk: zones

zone-desk = Zones
zone-new = Open a zone
zone-edit = Change the zone
zone-save = Save the zone
zone-saved = The zone is saved.
zone-slug = Word in the address
zone-slug-hint = Lower-case letters, digits and hyphens, such as smart-home; it never changes afterwards
zone-slug-form = Use lower-case letters, digits and hyphens only
zone-slug-taken = Another zone has this word; choose another
zone-name-zh = Chinese name
zone-name-en = English name
zone-name-missing = Enter the Chinese name of the zone
zone-about-zh = About it, in Chinese
zone-about-en = About it, in English
zone-colour = Colour
zone-colour-hint = Such as #2f6b4f
zone-colour-form = Write the colour as #2f6b4f
zone-figures = In the hall now
