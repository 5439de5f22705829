## Exhibits

exhibit-index = Exhibits
exhibit-all = All exhibits
exhibit-index-lede = Products and prototypes on show in the hall. Scan the code beside one to leave a message, ask for material or offer to work together.
exhibit-narrow = By zone
exhibit-zone = Zone
exhibit-all-zones = All zones
exhibit-count = { $n ->
    [one] one exhibit on show
   *[other] { $n } exhibits on show
}
exhibit-none = No exhibits here yet
exhibit-none-text = They appear here when a curator publishes them.
exhibit-at-stand = Stand { $stand }
exhibit-stand = Stand
exhibit-owner = Exhibitor
exhibit-opens = First day
exhibit-closes = Last day
exhibit-about = About this exhibit
exhibit-facts = Three facts
exhibit-state-draft = Draft
exhibit-state-coming = Opens soon
exhibit-state-shown = On show
exhibit-state-gone = Withdrawn
exhibit-draft-notice = This is a preview; until it is published only curators see it.
exhibit-coming-notice = This exhibit opens on { $day }.
exhibit-gone-notice = This exhibit has been withdrawn (since { $day }). The page stays for reference; those below are on show.
exhibit-neighbours = On show nearby
exhibit-ask = Write to the exhibitor
exhibit-open-entry = Message, material, cooperation
exhibit-qr-alt = QR code that opens the page for messages about this exhibit
exhibit-wish = I would like to
exhibit-wish-message = leave a message
exhibit-wish-material = get material
exhibit-wish-cooperate = work together
exhibit-wish-make = say that I make this too
exhibit-wish-missing = Choose what you would like to do
exhibit-text = In a sentence
exhibit-text-hint = May stay empty if you ask for material
exhibit-text-missing = Write a sentence, so that they know what it is about
exhibit-name-asked = Your name
exhibit-phone = Telephone
exhibit-phone-hint = Telephone or mail, one is enough; a message needs neither, its answer is read with the number you get
exhibit-phone-form = Enter at least seven digits
exhibit-email = Mail address
exhibit-email-form = Check the address; it looks like name@mail.example
exhibit-contact-missing = Leave a telephone number or a mail address
exhibit-consent = The exhibitor may have my contact details
exhibit-consent-hint = You may send without this: then the park keeps them and passes the answer on.
exhibit-send = Send
exhibit-asked = Sent. Note the number; the exhibitor answers within 3 working days.
exhibit-gone-meanwhile = This exhibit has just been withdrawn, so nothing was sent; your words are still below
exhibit-tour = My tour
exhibit-tour-lede = What you scanned and what you asked. Keep it, and a code opens it on any telephone.
exhibit-tour-unknown = There is no tour with this code
exhibit-tour-unknown-text = A code has 8 letters and digits; check it once more.
exhibit-tour-code = Code of your tour
exhibit-tour-code-text = Note it or take a picture. Whoever knows the code can read this list, but not your contact details.
exhibit-tour-code-field = Code of the tour
exhibit-tour-code-hint = 8 letters and digits
exhibit-tour-seen = Exhibits you looked at
exhibit-tour-keep = Keep my tour
exhibit-tour-kept = Your tour is kept.
exhibit-tour-empty = Nothing scanned yet
exhibit-tour-empty-text = Scan the code beside an exhibit and it appears here.
exhibit-tour-find = Open with a code
exhibit-tour-open = Open
exhibit-asked-title = What you asked
exhibit-asked-waits = The park has it under { $number }; the exhibitor answers within 3 working days.
exhibit-number = Number { $number }
exhibit-answer-at = Answered { $at }

## The desk: exhibits

exhibit-desk = Exhibits
exhibit-desk-lede = Write, preview, then publish. A withdrawn exhibit keeps its page, so printed codes never lead nowhere.
exhibit-desk-draft = Draft
exhibit-desk-published = Published
exhibit-desk-withdrawn = Withdrawn
exhibit-new = New exhibit
exhibit-state = State
exhibit-order = Order
exhibit-forward = Move up
exhibit-back = Move down
exhibit-ordered = The order is saved.
exhibit-edit = Change the exhibit
exhibit-save = Save
exhibit-saved = The exhibit is saved.
exhibit-cancel = Back
exhibit-publish = Publish
exhibit-published = Published.
exhibit-withdraw = Withdraw
exhibit-withdrawn = Withdrawn. Its page stays and leads to neighbours.
exhibit-preview = Preview
exhibit-public = Public page
exhibit-choose = Choose
exhibit-owner-hint = Verified enterprises and teams
exhibit-name-zh = Chinese name
exhibit-name-en = English name
exhibit-about-zh = About it, in Chinese
exhibit-about-en = About it, in English
exhibit-facts-zh = Three facts, in Chinese
exhibit-facts-en = Three facts, in English
exhibit-facts-hint = One a line, best with a figure
exhibit-facts-three = Write three facts, one a line
exhibit-fact-long = A fact has at most { $most } characters
exhibit-stand-hint = Such as A-12
exhibit-opens-hint = Empty: as soon as it is published
exhibit-closes-hint = The last day on show; empty: no end
exhibit-closes-before = The last day comes before the first
exhibit-day-form = Write the day as 2026-11-30
exhibit-zone-missing = Choose the zone
exhibit-organisation-missing = Choose the exhibitor
exhibit-name-missing = Enter the Chinese name of the exhibit
exhibit-poster = Poster
exhibit-posters = Posters
exhibit-posters-all = Print all posters
exhibit-posters-zone = Print the posters of this zone
exhibit-posters-how = Print from the browser on { $size } paper, one page each, and hang them beside the exhibits.
exhibit-posters-other = Change to { $size }
exhibit-posters-back = Back
exhibit-posters-none = No exhibit is published yet
exhibit-poster-call = Scan to write, to get material, to work together
exhibit-qr-of = QR code: { $url }

## Enquiries

exhibit-enquiries = Visitors' enquiries
exhibit-enquiries-lede = { $n ->
    [0] All are answered.
    [one] One waits for an answer; we promised 3 working days.
   *[other] { $n } wait for an answer; we promised 3 working days.
}
exhibit-enquiries-none = No visitor has asked yet
exhibit-enquiries-none-text = What visitors write after scanning a code appears here.
exhibit-enquiry-waits = Waits
exhibit-enquiry-answered = Answered
exhibit-contact = The visitor's contact
exhibit-no-contact = No contact was left; answer here, it is read with the number.
exhibit-contact-for-park = Not to be passed to the exhibitor; answer for them.
exhibit-contact-with-park = The visitor keeps the contact to the park; answer here and the park passes it on.
exhibit-answer = Answer
exhibit-answer-field = Your answer
exhibit-answer-hint = The visitor reads it on the tour
exhibit-answer-missing = Write the answer
exhibit-answer-send = Save the answer
exhibit-answered = The answer is saved; the visitor reads it on the tour.
exhibit-letter-subject = Somebody asks about “{ $exhibit }”: { $wish }
exhibit-letter-text = A visitor scanned the code of “{ $exhibit }” and would like to { $wish }, number { $number }:
exhibit-letter-how = We promised an answer within 3 working days. The contact and the form for the answer are on the site.
exhibit-letter-open = Answer
