staff-desk = Desk
staff-desk-lede = { $overdue ->
    [0] What is due first is on top; nothing is overdue.
    [one] What is due first is on top; one is overdue.
   *[other] What is due first is on top; { $overdue } are overdue.
}
staff-queue = Queue
staff-queue-empty = Nothing is waiting for the park
staff-queue-empty-text = New listings, organisations, requests and undelivered mail appear here.
staff-listings = Reviews
staff-organisations = Organisations
staff-introductions = Introductions
staff-mails = Mail
staff-new-team = Enter a team
staff-holidays = Holidays
staff-synonyms = Synonyms
staff-zones = Zones
staff-people = Park staff
staff-request = Request to look at
staff-broken = Letter not delivered
staff-closing = Closes soon
staff-review = To review
staff-checkup = To check up
staff-too-little = Tells too little
staff-papers = To verify
staff-letter = Mail trouble
staff-due = by { $time }
staff-due-late = was due { $time }
staff-name = Name
staff-email = E-mail
staff-role = Role
staff-signed-in = Last signed in
staff-never-signed-in = Not yet signed in
staff-appoint = Appoint
staff-appointed = The role is saved.
staff-role-missing = Choose a role
staff-not-yourself = You cannot take your own administrator role away; ask another administrator to do it

## The visual language

staff-design = Visual language
design-title = Visual language
design-lede = The whole site has these colours, sizes, spaces and components, and no others. A new page takes what it needs from here; what is not here is added here first.
design-colour = Colour
design-zones = Each zone has a colour of its own, picked by a curator under Zones; light and dark pages make it darker or lighter until it can be read.
design-space = Space
design-type = Type
design-type-rules = Rules of type
design-type-text = The fonts of the reader's system; no font is downloaded.
    A line of text is at most 42 Chinese characters or about 80 letters long.
    Browsers put space between Chinese and Latin text; nobody types it.
    Figures line up; sums are written in 万元 and 亿元, days in full.
design-small = Small parts
design-lists = Lists
design-figures = Figures and what happened
design-remarks = Remarks
design-forms = Forms
design-sentence = From a single bamboo culm to a room that senses and saves energy, somebody makes every link.
design-kind = Kind
design-action = Action
design-nothing = Nothing here yet
design-state-plain = Draft
design-state-good = Published
design-state-wait = Waiting for review
design-state-bad = Not delivered
design-state-info = Remark
design-choice-a = Upstream
design-choice-b = Midstream
design-choice-c = Downstream
design-filled = One line
design-wrong = One line, too long
design-long = Several lines
design-one = One of these
design-several = Any of these
design-ticked = I agree
design-times = Some times
design-hint = The hint stands under the label and says what to write.

staff-backup-old = The last good backup was taken { $time }. Tell whoever runs the server; `yonglianhui check` says what is wrong.
staff-backup-none = There is no good backup yet, and the last try failed. Tell whoever runs the server; `yonglianhui check` says what is wrong.
