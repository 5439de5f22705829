## The head and foot of every page

layout-error-prefix = Error:{" "}
layout-description = { $name }: enterprises post needs, university teams show results, the park brings them together.
layout-skip = Skip to the main content
layout-demo = Demonstration data: every organisation and person here is invented
layout-nav = Main
layout-zones = Zones
layout-needs = Needs
layout-results = Results
layout-enterprises = Enterprises
layout-teams = Teams
layout-search = Search
layout-search-label = Search the whole site
layout-search-hint = Needs, results, enterprises
layout-desk = Desk
layout-my = My page
layout-sign-in = Sign in
layout-sign-out = Sign out
layout-operator = Run by { $operator }
layout-complaints = Complaints, suggestions and corrections: { $contact }

## Small parts that many pages share

ui-crumbs = You are here
ui-pager = Pages
ui-previous = Previous
ui-next = Next
ui-pager-range = { $from } to { $to } of { $total }
ui-applied = Filters in force
ui-remove = Remove filter:{" "}
ui-clear = Remove all
