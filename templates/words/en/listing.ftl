## Needs, offers and results

listing-kind-need = Need
listing-kind-offer = Offer
listing-kind-result = Result
listing-need-type-technical = Technical need
listing-need-type-purchase = Purchase need
listing-need-type-joint = Joint research

listing-state-draft = Draft
listing-state-in_review = In review
listing-state-returned = Sent back
listing-state-live = Live
listing-state-paused = Paused
listing-state-expired = Expired
listing-state-resolved = Resolved
listing-state-withdrawn = Withdrawn
listing-state-rejected = Not published
listing-state-archived = Archived

# One sentence for those concerned: how it stands, what comes next
listing-stands-draft = Only your organisation and the park see a draft. Send it when it is ready; it is public once the park has looked at it.
listing-stands-in_review = The park is looking at it and usually answers within two working days. The author gets a letter.
listing-stands-returned = The park asks for a few changes; they are listed below. Change them and send it again. Nothing of its history is lost.
listing-stands-live = It is public until { $day }.
listing-stands-paused = It is out of sight and not suggested to anybody. You can show it again at any time until { $day }.
listing-stands-expired = Its time has run out. The page can still be read, but it is not suggested any more. Renew it if it still holds.
listing-stands-resolved = It is marked as resolved. The page can still be read, but it is not suggested any more.
listing-stands-withdrawn = It is withdrawn. Only your organisation and the park see it.
listing-stands-rejected = The park did not publish it. The reasons are below.
listing-stands-archived = It is archived and kept as a record.
listing-unverified = Your organisation is not verified yet. This can be published once the park has verified it.

listing-budget-negotiable = To be agreed
listing-budget-under_5 = Under CNY 50,000
listing-budget-5_20 = CNY 50,000 to 200,000
listing-budget-20_50 = CNY 200,000 to 500,000
listing-budget-50_200 = CNY 500,000 to 2 million
listing-budget-over_200 = Over CNY 2 million

listing-cooperation-development = Development
listing-cooperation-transfer = Transfer
listing-cooperation-licence = Licence
listing-cooperation-consulting = Consulting
listing-cooperation-service = Technical service

listing-ip-enterprise = The enterprise
listing-ip-team = The team
listing-ip-shared = Both together
listing-ip-negotiable = To be agreed

listing-outcome-platform = Through an introduction by the park
listing-outcome-self = We solved it ourselves
listing-outcome-elsewhere = Through somebody else
listing-outcome-gave_up = We no longer need it

listing-verdict-publish = Publish
listing-verdict-return = Send back
listing-verdict-reject = Do not publish

listing-trl-1 = Level 1: the basic principle is understood and written down
listing-trl-2 = Level 2: there is a plan for how to use it
listing-trl-3 = Level 3: the key function was shown to work in the laboratory
listing-trl-4 = Level 4: a sample with all its parts works in the laboratory
listing-trl-5 = Level 5: the main parts were tested in conditions close to real use
listing-trl-6 = Level 6: a whole prototype was shown in simulated use
listing-trl-7 = Level 7: a prototype has run where it will be used
listing-trl-8 = Level 8: the product is final, made in small series and tested
listing-trl-9 = Level 9: it is made in volume and has proved itself over time
listing-trl-at = Level { $level }
listing-trl-range = Level { $low } to { $high }

listing-comma = ,{" "}
listing-untitled = (no title yet)
listing-owner-anonymous = Anonymous enterprise
listing-meta-budget = Budget: { $budget }
listing-meta-deadline = By { $day }
listing-meta-trl = Readiness level { $level }

## The parts of the page

listing-part-need-problem = Situation and problem
listing-part-need-use-case = Where it is used
listing-part-need-partner = What the partner should bring
listing-part-offer-problem = Products and processes
listing-part-offer-advantage = Capability
listing-part-offer-partner = Delivery and smallest order
listing-part-result-problem = What it solves
listing-part-result-advantage = How it is better
listing-part-result-economics = Rough costs and returns
listing-part-result-evidence = What has been shown
listing-part-result-partner = What the partner should bring
listing-targets = Targets
listing-target-name = Measure
listing-target-now = Now
listing-target-target = Target
listing-target-unit = Unit
listing-fact-deadline = Deadline
listing-fact-budget = Budget
listing-fact-cooperation = Cooperation
listing-fact-ip = Ownership
listing-fact-ip-note = Intellectual property
listing-fact-trl = Readiness
listing-fact-trl-wanted = Readiness wanted
listing-fact-industry = Industry class
listing-fact-owner = Posted by
listing-fact-number = Number
listing-fact-published = Published
listing-fact-until = Live until
listing-facts = At a glance
listing-keywords = Keywords

listing-banner-expired = This expired on { $day }. The page is kept for reference; ask the poster how things stand today.
listing-banner-resolved = This has been resolved. The page is kept for reference.
listing-result-next = Would you like to talk to this team? Post a need first: the park suggests teams that fit, and then makes the introduction.
listing-result-next-action = Post a need
listing-matches = See suggested teams

listing-own-title = What you can do
listing-own-reviews = Reviews
listing-own-scores = Clear { $clarity } · measurable { $measurability } · feasible { $feasibility } · complete { $completeness }
listing-own-by-park = The park
listing-own-desk = Review it at the desk
listing-own-outcome = Outcome
listing-own-excluded = Not suggested to
listing-own-decision = Decision
listing-own-decision-agreed = Whoever decides has agreed
listing-own-decision-open = Whoever decides has not agreed yet
listing-own-anonymity = Anonymity
listing-own-anonymous = The public page does not name your organisation
listing-own-owner = Posted by
listing-own-unfinished = There are changes that you have not sent yet. Open "Edit" to go on.

listing-do-edit = Edit
listing-do-submit = Send for review
listing-do-pause = Pause
listing-do-resume = Show again
listing-do-renew = Renew for { $days } days
listing-do-withdraw = Withdraw
listing-do-withdraw-open = Withdraw this
listing-do-withdraw-note = What is withdrawn cannot be brought back. To take it out of sight for a while, pause it.
listing-do-archive = Archive
listing-do-resolve = Mark as resolved
listing-do-preview = Preview
listing-do-save = Save draft
listing-outcome = How was it solved
listing-outcome-note = More about it
listing-outcome-note-hint = You may leave this empty. The park learns from what you write.

## Lists

listing-list-need = Needs
listing-list-offer = Offers
listing-list-result = Results
listing-lede-need = Technical problems, purchases and joint research of enterprises, all looked at by the park.
listing-lede-offer = Products, processes and capacity that enterprises offer, all looked at by the park.
listing-lede-result = Results that university teams bring to the table, all looked at by the park.
listing-count = { $count ->
    [one] One entry
   *[other] { $count } entries
}
listing-zones = By zone
listing-zones-all = All zones
listing-empty-need = No live needs here yet
listing-empty-offer = No live offers here yet
listing-empty-result = No live results here yet
listing-empty-text = Look at another zone, or post one yourself.

## The form

listing-new-need = Post a need
listing-new-offer = Post an offer
listing-new-result = Post a result
listing-edit-need = Edit need
listing-edit-offer = Edit offer
listing-edit-result = Edit result
listing-form-lede = Fill in what is marked "needed" before you send it. The more exact the rest, the better the suggestions. You can save a draft at any time.
listing-part-what = What it is about
listing-part-terms = Terms
listing-part-more = More
listing-field-owner = For which organisation
listing-field-need_type = Type of need
listing-field-title = Title (needed)
listing-hint-title-need = The thing and its problem in one line, such as: bamboo cabinet doors warp with the seasons
listing-hint-title-offer = The product or process in one line, such as: anodising of small aluminium parts
listing-hint-title-result = The technique and its use in one line, such as: heat treatment that keeps bamboo board flat
listing-field-teaser = Public summary (needed)
listing-field-teaser-optional = Public summary
listing-hint-teaser = Shown in lists and search results. Leave out names and contact details.
listing-field-zone = Zone (needed)
listing-field-zone-blank = Choose a zone
listing-field-problem-need = Situation and problem (needed)
listing-field-problem-offer = Products and processes (needed)
listing-field-problem-result = What it solves (needed)
listing-hint-problem-need = How it is done today, what goes wrong, what you have tried, and why that was not enough.
listing-hint-problem-offer = What you make, with which machines and materials, and for whom.
listing-hint-problem-result = Who has this problem, how the result solves it, and under which conditions.
listing-hint-targets = One measure a line, as "measure | now | target | unit", such as: warp | 3.2 | ≤1.0 | mm/m
listing-hint-use-case = Where, in which conditions, in what quantity.
listing-field-deadline = When should it be solved
listing-hint-deadline = A day or a span, such as 2027-06-30 or 6 months
listing-field-budget = Budget
listing-field-budget-blank = Not said
listing-field-cooperation = Cooperation
listing-hint-cooperation = Choose all that would do.
listing-field-ip = Who shall own what comes of it
listing-field-ip-blank = Not said
listing-field-ip_note = Intellectual property
listing-hint-ip_note = Numbers of patents or registrations, their state, and who owns them.
listing-hint-partner-need = Which equipment, licences or experience the partner needs.
listing-hint-partner-offer = Delivery time and smallest order.
listing-hint-partner-result = What an enterprise should prepare: samples, space, time on the line.
listing-field-trl_min = Readiness wanted: lowest
listing-field-trl_max = Readiness wanted: highest
listing-field-trl-blank = Any
listing-field-trl = How far has it come (needed)
listing-hint-trl = Choose the sentence that fits best. The nine levels are those of GB/T 22900.
listing-hint-evidence = Where, how much, and who tested it. Needed from level 7 on.
listing-hint-advantage-offer = Machines, capacity, certificates and until when they hold.
listing-hint-advantage-result = Compare in numbers, such as: 18% less energy, warp down from 3.2 to 1.0 mm/m
listing-hint-economics = What it takes to set up, how the cost per piece changes, when it pays back.
listing-field-industry = Industry class
listing-hint-industry = Four digits of GB/T 4754, such as 2120. Leave it empty if you are not sure.
listing-field-keywords = Keywords
listing-hint-keywords = Up to 10, with commas between. Use the words that people of the trade would search for.
listing-field-excluded = Do not suggest it to
listing-hint-excluded = One organisation a line. Only your organisation and the park see this.
listing-field-decision_agreed = Whoever decides has agreed to go ahead
listing-field-anonymous = Post without our name: the page says "Anonymous enterprise"
listing-hint-anonymous = The park knows who you are. Others do not see your name until both sides have agreed to exchange contacts. Leave your name out of the title and text as well.

listing-kept = Saved as a draft
listing-not-kept = Not saved by itself; press "Save draft"
listing-live-note-title = This is public now
listing-live-note = When you send changes, the park looks at them again, and meanwhile the page is not public. If you only save, what is public stays as it is.
listing-returned-note-title = What the park asks for
listing-conflict-title = Somebody else has just changed this
listing-conflict = What you wrote is below: nothing is lost, and nothing is saved yet. Look at how it is now before you send yours.
listing-conflict-look = See how it is now
listing-not-now-title = This cannot be changed now
listing-not-now = It is now "{ $state }", and what you wrote is not saved. Copy it first if you need it.

listing-preview-title = Preview
listing-preview-note-title = This is what everybody will see
listing-preview-note = It has not been sent yet. It is public once the park has looked at it.
listing-preview-back = Go on writing

listing-register-first = Register your enterprise first
listing-team-first-title = You do not speak for a team yet
listing-team-first = Results are posted by research teams. Ask the park to enter your team; then sign in with the same address to post here.
listing-team-first-action = See the teams

## What to correct

listing-title-missing = Enter a title
listing-teaser-missing = Enter a public summary; it is what people read in lists
listing-zone-missing = Choose a zone from the list
listing-problem-missing-need = Enter the situation and the problem
listing-problem-missing-offer = Enter your products and processes
listing-problem-missing-result = Enter what the result solves
listing-trl-missing = Choose how far the result has come
listing-evidence-missing = Level { $level } means that it has run in real use: say where, how much or who tested it, or choose level 4 to 6
listing-long-title = Title must be { $most } characters or less; it has { $length }
listing-long-teaser = Public summary must be { $most } characters or less; it has { $length }
listing-long-problem = This text must be { $most } characters or less; it has { $length }
listing-long-targets = Targets must be { $most } characters or less; they have { $length }
listing-long-use_case = Where it is used must be { $most } characters or less; it has { $length }
listing-long-advantage = Capability or advantage must be { $most } characters or less; it has { $length }
listing-long-economics = Costs and returns must be { $most } characters or less; they have { $length }
listing-long-ip_note = Intellectual property must be { $most } characters or less; it has { $length }
listing-long-partner = What the partner should bring must be { $most } characters or less; it has { $length }
listing-long-evidence = What has been shown must be { $most } characters or less; it has { $length }
listing-long-excluded = The list of organisations must be { $most } characters or less; it has { $length }
listing-long-outcome_note = More about it must be { $most } characters or less; it has { $length }
listing-long-reason = Words for the author must be { $most } characters or less; they have { $length }
listing-choice = Choose one of those in the list
listing-targets-many = Targets must be { $most } lines or less
listing-deadline-form = Enter a deadline such as 2027-06-30 or 6 months
listing-deadline-past = The deadline has passed; enter a day from today on
listing-deadline-far = The deadline is too far away; enter a day within 30 years
listing-trl-order = The lowest level is above the highest; swap them
listing-industry-form = Industry class must be four digits, such as 2120
listing-keywords-many = Keywords must be { $most } or fewer; there are { $count }
listing-keywords-long = Each keyword must be { $most } characters or less; put commas between them
listing-excluded-many = The list of organisations must be { $most } lines or less
listing-outcome-missing = Choose how it was solved
listing-score-missing-clarity = Give 0 to 5 for "clear"
listing-score-missing-measurability = Give 0 to 5 for "measurable"
listing-score-missing-feasibility = Give 0 to 5 for "feasible"
listing-score-missing-completeness = Give 0 to 5 for "complete"
listing-verdict-missing = Choose to publish, send back or not publish
listing-reason-missing = Say why; the author goes by it
listing-owner-missing = Choose an organisation
listing-scores-say-return = The sum is { $sum }, or one score is 0: by the rules it goes back first. To publish it, change the scores
listing-scores-say-reject = The sum is { $sum }, below 5: by the rules it is not published. To publish it, change the scores
listing-owner-not-verified = Its organisation is not verified; verify it first

## Afterwards

listing-saved = Draft saved
listing-kept-live = Your changes are kept as a draft; what is public has not changed
listing-submitted = Sent; the park will look at it soon
listing-paused-done = Paused
listing-resumed-done = Shown again
listing-renewed-done = Renewed
listing-resolved-done = Marked as resolved
listing-withdrawn-done = Withdrawn
listing-archived-done = Archived
listing-step-late = Things have just changed; see below how it stands now
listing-step-unverified = Your organisation is not verified, so this cannot be public yet
listing-reviewed-publish = Published; the author gets a letter
listing-reviewed-return = Sent back; the author gets a letter
listing-reviewed-reject = Not published; the author gets a letter

## The desk

listing-desk-title = Listings to review
listing-desk-empty = Nothing waits for review
listing-desk-empty-text = What enterprises and teams send comes here, first come first.
listing-desk-waiting = Sent { $at }
listing-desk-review = Review
listing-desk-score = Scores
listing-desk-score-hint = 0 to 5 each. 10 and more without a 0: publish. 5 to 9, or any 0: send back. Below 5: do not publish.
listing-score-clarity = Clear
listing-score-measurability = Measurable
listing-score-feasibility = Feasible
listing-score-completeness = Complete
listing-desk-advice = Sum { $sum }; the rules say: { $verdict }
listing-desk-reason = Words for the author
listing-desk-reason-hint = Needed unless you publish. When you send it back, say what to change and how.
listing-desk-owner-unverified = Its organisation is not verified; until then it cannot be published.
listing-desk-owner-look = Verify the organisation
listing-desk-anonymous = Posted without a name: the public page does not name the organisation.
listing-desk-private = Seen only by the organisation and the park
listing-desk-done-title = Somebody has dealt with this
listing-desk-done = It is now "{ $state }"; what you entered is not recorded. See the reviews below.
listing-desk-changed-title = The author has changed it again
listing-desk-changed = It was taken back and sent again after you opened this page. The text is the new one: read it again. What you entered is still here.
listing-desk-not-waiting = It does not wait for review; it is now "{ $state }".
listing-desk-back = Back to the list

## Letters

listing-mail-published-subject = Published: { $title }
listing-mail-published-text = "{ $title }" ({ $kind }) has been looked at and is public until { $until }.
listing-mail-published-next = See the page:
listing-mail-published-button = See the page
listing-mail-returned-subject = A few changes first: { $title }
listing-mail-returned-text = The park has looked at "{ $title }" ({ $kind }) and asks for a few changes before it is published.
listing-mail-returned-next = Change it and send it again:
listing-mail-returned-button = Change it
listing-mail-rejected-subject = Not published: { $title }
listing-mail-rejected-text = The park has looked at "{ $title }" ({ $kind }) and has not published it.
listing-mail-rejected-next = See the record:
listing-mail-rejected-button = See the record
listing-mail-expired-subject = Time is up, is it still needed: { $title }
listing-mail-expired-text = "{ $title }" ({ $kind }) was live until { $until }. The page now says that it has expired, and it is not suggested any more.
listing-mail-reason = What the park wrote:

## Renewal and check-ups

listing-fresh = { $days ->
    [0] Confirmed by its owner today
    [one] Confirmed by its owner a day ago
   *[other] Confirmed by its owner { $days } days ago
}
listing-neighbours = Similar and live
listing-asking-text = Do you want to know whether this still holds? The park can ask its owner for you. It is one message and no introduction, and names nobody to anybody.
listing-asking-do = Ask the owner whether it still holds
listing-asking-asked = The owner has been asked for you; you will get a letter when there is an answer.
listing-asking-sign-in = Sign in to ask the owner
listing-asked-done = The owner is being asked; you will get a letter when there is an answer.
listing-asked-unverified = Your organisation has to be verified by the park before the owner is asked
listing-renewed-already = It is live still; it can be renewed from 14 days before its end
listing-outcome-about = Which introduction it was
listing-outcome-about-none = None of these
listing-outcome-story = The park may tell this as a story
listing-outcome-story-hint = You will read it before it is shown.
listing-own-story = Story
listing-own-story-yes = May be told, after the owner has read it
listing-own-history = What happened
listing-changed = { $field }: { $from } → { $to }
listing-changed-nothing = (empty)
listing-changed-yes = yes
listing-changed-no = no
listing-changed-need_type = Kind of need
listing-changed-title = Title
listing-changed-teaser = The line for everybody
listing-changed-zone = Zone
listing-changed-problem = Text
listing-changed-targets = Targets
listing-changed-advantage = Advantage or capability
listing-changed-economics = Costs and returns
listing-changed-use_case = Where it is used
listing-changed-deadline = Deadline
listing-changed-budget = Budget
listing-changed-cooperation = Cooperation
listing-changed-ip = Ownership
listing-changed-ip_note = Intellectual property
listing-changed-partner = What the partner should bring
listing-changed-trl = Readiness
listing-changed-evidence = Evidence
listing-changed-industry = Industry class
listing-changed-keywords = Keywords
listing-changed-excluded = Not suggested to
listing-changed-decision_agreed = The decision is agreed on
listing-changed-anonymous = Anonymous
listing-actor-owner = Its owner
listing-actor-letter = By a letter
listing-actor-staff = The park
listing-actor-clock = The clock
listing-happened-edit = Changed
listing-happened-pause = Paused
listing-happened-resume = Shown again
listing-happened-renew = Renewed
listing-happened-resolve = Marked as solved
listing-happened-withdraw = Withdrawn
listing-happened-archive = Archived
listing-happened-expire = Its time ran out
listing-happened-asked = Somebody asked whether it still holds
listing-happened-checkup = Checked by the park
listing-happened-erased = A year after its end contacts were erased
listing-renewal-title = Does it still hold?
listing-renewal-until = It is live until { $day }. Do you still need it?
listing-renewal-over = Its time ran out on { $day }. Do you still need it?
listing-renewal-still = It still holds
listing-renewal-still-text = It stays public, and the page says that its owner has confirmed it.
listing-renewal-not-yet = It is live still; it can be renewed from 14 days before its end.
listing-renewal-edit-text = If something has changed, sign in and
listing-renewal-solved = It is solved
listing-renewal-give-up = Give it up
listing-renewal-give-up-text = It is not needed any more. The page is taken down for good.
listing-renewal-give-up-note = Why (you may leave this empty)
listing-renewal-missing = Press one of the buttons below
listing-renewal-done = Your answer has been taken
listing-renewal-answered = This question has been answered
listing-renewal-late = This link is too old
listing-renewal-look = See the page
listing-checkup-title = Check-up
listing-checkup-text = Renewed { $times } times, and no introduction was ever asked for. See what is in the way, and write to the owner what would help.
listing-checkup-words = To the owner
listing-checkup-hint = For example: quantities and measures are missing; add them, so that teams can tell whether they fit.
listing-checkup-send = Send to the owner
listing-checkup-missing = Write what you found and what would help
listing-checkup-done = The owner has been written to
listing-checkup-before = Somebody has looked at it already

listing-mail-ask = Follow one of the links and press the button; there is no need to sign in. One renewal lasts { $days } days.
listing-mail-renew = It still holds: renew for { $days } days
listing-mail-solved = It is solved
listing-mail-give-up = Give it up
listing-mail-edit = Change it (you will sign in)
listing-mail-link-note = Opening the link changes nothing; only the button on its page answers. A link works once.
listing-mail-expiring-subject = Live for { $days } more days, still needed? { $title }
listing-mail-expiring-text = “{ $title }” ({ $kind }) is live until { $until }, { $days } more days. Without an answer its page will be marked as expired and it will be suggested to nobody.
listing-mail-asked-subject = Somebody asks whether it still holds: { $title }
listing-mail-asked-text = Somebody has seen “{ $title }” ({ $kind }), whose time ran out on { $until }, and asks whether it still holds. It is one question and no introduction; nobody learns who you are.
listing-mail-answered-subject = The owner has answered: { $title }
listing-mail-answered-holds = You asked whether “{ $title }” ({ $kind }) still holds. Its owner says that it does, and has renewed it.
listing-mail-answered-over = You asked whether “{ $title }” ({ $kind }) still holds. Its owner says that it does not any more. There are others that do.
listing-mail-answered-look = See the page
listing-mail-answered-others = See what is live
listing-mail-checkup-subject = A word from the park: { $title }
listing-mail-checkup-text = “{ $title }” ({ $kind }) was renewed several times and has found nobody yet. The park has looked at it.

listing-checkup-too-little = { $times } teams said that it tells too little. See what is missing, and write to the owner what would help, or offer a call.
listing-own-too-little = Better mended: three teams said that it tells too little. Add quantities, the process as it is and measures that can be tested, and send it in again; the park can help you with it.
listing-do-undo = Take it back (for ten minutes)
listing-undone-done = It is taken back, and a draft again
listing-happened-undo = Taken back
