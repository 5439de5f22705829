## Introductions: two parties each say whether they want to meet

introduction-anonymous = An enterprise (its name is shown once both have agreed)
introduction-colleague-hidden = A team that was named (you learn who once it agrees)
introduction-comma = ,{" "}
introduction-semicolon = ;{" "}
introduction-enterprise = Enterprise
introduction-team = Team
introduction-need = Need
introduction-other = The other party
introduction-time = Possible time
introduction-why = Why you
introduction-their-words = Their words
introduction-park-words = The park's words
introduction-shared-words = Words in common
introduction-asked-again = Asked again on
introduction-meeting-at = Meeting
introduction-contact-name = Contact
introduction-contact-title = Title
introduction-contact-email = E-mail
introduction-contact-phone = Telephone
introduction-mend = Add to the need and try again
introduction-others = See other teams

introduction-need-title = Need
introduction-need-problem = Situation and problem
introduction-need-targets = Targets
introduction-need-target = { $name }: { $target } { $unit }
introduction-need-target-now = { $name }: from { $now } { $unit } to { $target } { $unit }
introduction-need-use-case = Where it is used
introduction-need-partner = Partner wanted
introduction-need-deadline = Deadline
introduction-need-budget = Budget
introduction-need-cooperation = Form of cooperation
introduction-need-trl = Readiness wanted (TRL)

## States

introduction-state-awaiting_park = With the park
introduction-state-awaiting_team = With the team
introduction-state-later = The team said later
introduction-state-accepted = Accepted by the team; the enterprise chooses a time
introduction-state-exchanged = Contacts exchanged
introduction-state-met = Met
introduction-state-not_held = Not held
introduction-state-declined = Not this time
introduction-state-timed_out = Closed by itself
introduction-state-withdrawn = Taken back
introduction-state-stopped = Not passed on by the park
introduction-state-channel_failed = A letter did not arrive; the park is getting in touch

introduction-about-awaiting_park = The park has one working day to look. After that the request goes to the team by itself.
introduction-about-awaiting_team = The question is with the team. Until it answers, neither side sees the other's contact.
introduction-about-later = It does not suit the team now. It is asked again on the day below.
introduction-about-accepted = The team is willing to meet and has offered times. Once the enterprise has chosen one and agreed, both see each other's contact.
introduction-about-exchanged = Both have agreed. The contacts were sent to both by mail and are listed below.
introduction-about-met = You have met.
introduction-about-not_held = This meeting was not held.
introduction-about-declined = No meeting came of it this time, and no contacts were exchanged.
introduction-about-timed_out = No answer came in time, so it closed by itself. This does not count as a refusal.
introduction-about-withdrawn = One side has taken its question or its consent back. No contacts were exchanged.
introduction-about-stopped = The park did not pass the request on; its reason is below.
introduction-about-channel_failed = A letter did not arrive. The park will get in touch another way; neither side is at fault.

introduction-stopped-by-itself = This need has ended, or the team is not suggested at present, so it was not passed on.
introduction-due = Due
introduction-due-none = The clock starts when the letter has been sent

introduction-stage-propose = Asked
introduction-stage-park = Park looks
introduction-stage-team = Team answers
introduction-stage-choice = Enterprise chooses
introduction-stage-exchanged = Contacts exchanged

## What happened

introduction-step-propose = The enterprise asked for an introduction
introduction-step-refer = Referred by another team
introduction-step-improve = The park reworded the request
introduction-step-pass = Passed on to the team
introduction-step-stop = The park did not pass it on
introduction-step-ask_again = The team was asked again
introduction-step-accept = The team accepted and offered times
introduction-step-decline = The team said that it does not suit this time
introduction-step-postpone = The team said later
introduction-step-offer_again = The enterprise was asked again to choose
introduction-step-choose = The enterprise chose a time; contacts were exchanged
introduction-step-refuse = The enterprise does not go on this time
introduction-step-run_out = No answer in time
introduction-step-withdraw = Taken back
introduction-step-lose_channel = A letter did not arrive

introduction-actor-enterprise = Enterprise
introduction-actor-team = Team
introduction-actor-staff = Park
introduction-actor-clock = By itself
introduction-actor-mail = Mail server

## Reasons for saying no, and what the other side reads

introduction-decline-direction = Not our direction
introduction-decline-full = No time
introduction-decline-too_early = Too early, not ripe enough
introduction-decline-budget = The budget does not fit
introduction-decline-exclusive = Bound to somebody else
introduction-decline-too_little = Too little information
introduction-decline-referral = A colleague fits better
introduction-decline-other = Something else
introduction-kind-direction = Thank you for your trust. This need lies away from our present work, and we do not want to hold you up; a team nearer to it will serve you better.
introduction-kind-full = Thank you for your trust. Our time is taken up for now and we could not do this justice. You are welcome to ask again later.
introduction-kind-too_early = Thank you for your trust. Our result is still some way from use and could not carry this task yet.
introduction-kind-budget = Thank you for your trust. Within the present budget we are not sure that we could do this well.
introduction-kind-exclusive = Thank you for your trust. We are bound to others in this field and cannot take part this time.
introduction-kind-too_little = Thank you for your trust. What we know so far is too little to judge; with targets and working conditions added you are welcome to ask again.
introduction-kind-referral = Thank you for your trust. A team of our colleagues fits better, and the park is asking them.
introduction-kind-other = Thank you for your trust. It does not suit us this time; we wish you luck in finding the right team.

## Asking

introduction-new-title = Ask for an introduction
introduction-new-lede = Say why you want this team. The park looks at it for one working day and passes it on. Once the team has agreed and you have chosen a time, both see each other's contact.
introduction-new-need = Your need
introduction-new-team = The team you ask for
introduction-new-left = { $n ->
    [0] Your requests of this month are used up
    [one] You can ask once more this month
   *[other] You can ask { $n } more times this month
}
introduction-new-places = { $n ->
    [one] The team has time for 1 more introduction this month
   *[other] The team has time for { $n } more introductions this month
}
introduction-reason = Why this team
introduction-reason-hint = At least 20 characters. Say what caught your eye, what you can bring, and which step you would take first. No telephone or e-mail here: they are exchanged once both agree.
introduction-reason-short = Write a little more: at least 20 characters, now { $n }
introduction-reason-long = Keep it within 500 characters, now { $n }
introduction-reason-contact = No telephone or e-mail here yet; they are exchanged once both agree
introduction-reason-anonymous = This need is anonymous, but your organisation is named here; take the name out before sending
introduction-template-title = A way to put it
introduction-template = Your team's work around “{ $need }” meets our present trouble: (one sentence with figures). We can bring (samples, a line, data, people), and would first like to (send samples, show you the plant, talk on the phone) before we talk about the form of cooperation.
introduction-send = Send the request
introduction-sent = Sent. The park looks at it within one working day
introduction-cannot = A request cannot be sent now
introduction-cannot-not-open = This need is not public now, or is not a technical or joint one, so no team can be asked for it.
introduction-cannot-not-verified = The park is still verifying your organisation. After that you can ask for introductions.
introduction-cannot-not-now = This team is not suggested for this need at present. See other teams that fit.
introduction-cannot-too-many = Your organisation has sent { $n } requests this month, which is all it can. The count starts anew on the first of next month.
introduction-cannot-full = The team's places of this month are taken, or it pauses. You can wait in its queue, or look at other teams that fit.
introduction-cannot-open = This team is being asked about this need already; there is no need to ask again.
introduction-cannot-answered = The team has answered already. Add to the need first, then ask again.
introduction-cannot-exchanged = You have each other's contact already and can talk directly.
introduction-see = See this introduction
introduction-see-need = Back to the need
introduction-other-teams = Other teams that fit

## The answer page

introduction-answer-title = Your answer
introduction-answer-lede = No account or password is needed. Nothing happens before you press a button.
introduction-from = From
introduction-accept = Accept
introduction-accept-lede = Offer one to three times to meet; the enterprise takes one.
introduction-times = Times to meet
introduction-times-hint = Up to three, within the next 60 days; a telephone call is fine as a start.
introduction-times-nth = Time { $n }
introduction-times-missing = Offer at least one time
introduction-times-form = Write a time like 2026-12-01 10:00
introduction-times-past = One of the times is over; choose another
introduction-times-far = Offer times within the next 60 days
introduction-times-many = Offer three times at most
introduction-show = What the other side will see once it agrees
introduction-show-name = Name and title
introduction-show-email = E-mail address
introduction-phone = Show my telephone as well
introduction-phone-number = Telephone: { $phone }
introduction-consent = Agree to show the contact
introduction-consent-team = I agree: once the enterprise agrees to meet as well, my name, title and e-mail address, and my telephone if ticked, go to the enterprise that has this need, for this introduction alone.
introduction-consent-enterprise = I agree: my name, title and e-mail address, and my telephone if ticked, go to this team, for this introduction alone.
introduction-consent-record = { $words } (To: { $recipient }. About: { $need })
introduction-consent-missing = Tick to agree, so that contacts can be exchanged
introduction-accept-send = Accept and send the times
introduction-decline = Decline
introduction-decline-lede = Choose a reason. The enterprise reads the words below it, and does not see your contact.
introduction-decline-reason = Reason
introduction-decline-reason-missing = Choose a reason
introduction-decline-note = Say it in other words
introduction-decline-note-hint = May be left empty. What you write here is what the enterprise reads.
introduction-note-long = Keep it within 500 characters, now { $n }
introduction-may-ask-again = May this enterprise ask you again later
introduction-may-ask-again-yes = Yes
introduction-may-ask-again-no = No, and do not suggest us to each other any more
introduction-may-ask-again-missing = Choose yes or no
introduction-colleague = Which team do you name
introduction-colleague-hint = With the reason “A colleague fits better”. They get a question of their own, and the enterprise does not see who they are before they agree.
introduction-colleague-blank = None
introduction-colleague-missing = Choose the team that you name, or another reason
introduction-colleague-busy = This team cannot be asked now; choose another, or another reason
introduction-decline-send = Send
introduction-later = Later
introduction-later-lede = You are asked again in { $days } days. This works once, and the enterprise learns how long to wait.
introduction-later-send = Ask me later
introduction-later-used = It was put off once already. Accept or decline this time.

introduction-choice-title = Choose a time
introduction-choice-lede = The team is willing to meet. Once you have chosen a time and agreed, both get each other's contact and a calendar file by mail.
introduction-choice-times = Times offered
introduction-choice-missing = Choose a time
introduction-choice-gone = All times that were offered are over. You can say so below and ask the team to meet another way.
introduction-choice-past = This time cannot be chosen any more; choose another
introduction-choice-taken-back = The other side has taken its consent back, so contacts cannot be exchanged now. Get in touch with the park
introduction-choice-send = Take this time and exchange contacts
introduction-refuse = Not this time
introduction-refuse-lede = If no time suits, or you have found another way, you can end it here.
introduction-refuse-note = A word to the team
introduction-refuse-note-hint = May be left empty.
introduction-refuse-send = End this introduction

introduction-link-done-title = Thank you, we have your answer
introduction-link-answered-title = This question has been answered
introduction-link-answered-text = Answered already. This is how it stands; pressing again changes nothing.
introduction-link-replaced-title = This link is out of use
introduction-link-replaced-text = The park has sent a newer letter: use the link in that one. Or there is nothing to answer any more.
introduction-link-expired-title = This link has expired
introduction-link-expired-text = No answer came and the question was closed; this does not count as a refusal. Get in touch with the park if you need it.
introduction-link-more = Sign in to see everything that happened.

## My introductions

introduction-show-title = Introduction: { $need }
introduction-contacts = The other party's contact
introduction-contacts-note = This is what was exchanged when both agreed. It is for this introduction alone; do not pass it on.
introduction-history = What happened
introduction-offered = Times the team offered
introduction-offered-own = Times you offered
introduction-withdraw = Take this question back
introduction-withdraw-hint = No more letters are sent, and the team gets its place back.
introduction-withdrawn = Taken back
introduction-withdraw-late = This introduction has ended and cannot be taken back
introduction-answered = We have your answer
introduction-already = Answered already; nothing has changed
introduction-referred = Referred to a colleague, who is being asked

## The desk

introduction-desk-title = Introductions
introduction-desk-lede = What is due first is on top. A request that the park does not touch for one working day goes to the team by itself.
introduction-desk-open = Open
introduction-desk-ended = Ended
introduction-desk-tabs = Which
introduction-desk-count = { $n ->
    [one] 1 introduction
   *[other] { $n } introductions
}
introduction-desk-none = No introductions now
introduction-desk-pair = Need and team
introduction-desk-state = State
introduction-desk-due = Due
introduction-desk-asked = Asked
introduction-desk-one = Introduction { $id }
introduction-desk-pass = Pass on to the team
introduction-desk-pass-hint = The team gets a letter with the need in short and a link to answer; the research office is told as well.
introduction-desk-passed = Passed on to the team
introduction-desk-improve = Reword the request
introduction-desk-improve-send = Save the words
introduction-desk-improved = The words are saved
introduction-desk-stop = Do not pass on
introduction-desk-stop-hint = The enterprise reads this.
introduction-desk-stop-words = Words to the enterprise
introduction-desk-stop-missing = Write the reason; the enterprise reads it
introduction-desk-stop-send = End it and tell the enterprise
introduction-desk-stopped = Ended; the enterprise will be told
introduction-desk-resend = Send the letter again
introduction-desk-resend-hint = With a new link; all earlier links stop working.
introduction-desk-resent = Sent again
introduction-desk-moved = This introduction has moved on; the page is up to date now
introduction-desk-unwanted = The need has ended, or the team takes no more questions from this enterprise, so nothing was sent. End it and write why
introduction-desk-mails = Letters about it
introduction-desk-mail-none = No letters yet
introduction-desk-mail-to = To
introduction-desk-mail-subject = Subject
introduction-desk-mail-state = State
introduction-desk-mail-at = Time
introduction-desk-passed-by = Passed on
introduction-desk-referred = Referred from
introduction-desk-result = By the result
introduction-desk-score = Score of the suggestion
introduction-desk-closed-note = The park's words
introduction-desk-decline = The team's reason
introduction-desk-anonymous = The need is anonymous: the team does not see the enterprise's name before both agree

## Letters

introduction-mail-fact = { $label }: { $value }
introduction-mail-typed = { $label }:
introduction-mail-hello = Dear { $name },
introduction-mail-page = See this introduction
introduction-mail-desk = See it on the desk
introduction-mail-accept = Accept
introduction-mail-decline = Decline
introduction-mail-later = Later
introduction-mail-choose = Choose a time
introduction-mail-refuse = Not this time
introduction-mail-link-note = The link opens a page; only pressing a button there is an answer. No account or password is needed. Do not forward this letter.
introduction-mail-contact-note = Until you and the other side have both agreed, the other side does not see your contact.

introduction-mail-ask-subject = An enterprise would like to ask you about “{ $need }”
introduction-mail-ask-text = { $firm } has posted the need below at { $site } and thinks that { $team } may fit. Would you look whether you want to talk?
introduction-mail-ask-again = You said later. { $firm } still has this need; would you look once more whether { $team } wants to talk?
introduction-mail-ask-days = Answer within { $days } working days of receiving this. Without an answer it closes by itself, which does not count as a refusal.

introduction-mail-office-subject = For your information: a request for { $team }
introduction-mail-office-text = { $firm } has posted the need below at { $site } and asks to be introduced to { $team } of { $university }. The question went to the lead of the team, who answers.
introduction-mail-office-note = This letter is for your information; no answer is needed.

introduction-mail-accepted-subject = { $team } is willing to talk about “{ $need }”
introduction-mail-accepted-text = { $team } has accepted your request and offers the times below. Choose one; once you have chosen and agreed, both get each other's contact and a calendar file.
introduction-mail-accepted-days = Choose within { $days } working days of receiving this. Without a choice it closes by itself.

introduction-mail-declined-subject = About “{ $need }”: it does not suit { $team } this time
introduction-mail-declined-text = { $team } has looked at your request. It does not suit them this time.
introduction-mail-declined-note = You can ask again after adding to the need, and other teams are waiting for needs like this one.

introduction-mail-referred-subject = About “{ $need }”: a colleague is being asked
introduction-mail-referred-text = { $team } has named a team of colleagues. The park is asking them, and you learn who they are once they agree.

introduction-mail-postponed-subject = About “{ $need }”: { $team } would rather talk later
introduction-mail-postponed-text = It does not suit { $team } now. They are asked again on the day below; there is nothing for you to do. If you would rather not wait, you can take the question back.

introduction-mail-timed-out-subject = About “{ $need }”: this introduction has closed by itself
introduction-mail-timed-out-text = The other side did not answer in time, so it has closed by itself. This does not count as a refusal.
introduction-mail-timed-out-own = The times that { $team } offered saw no choice from you, so it has closed by itself. This does not count as a refusal. If you still want to meet, you can ask again.
introduction-mail-timed-out-lost = The letter to { $team } did not arrive and the park could not reach them in time, so it has closed by itself. This does not count as a refusal.

introduction-mail-stopped-subject = About “{ $need }”: the park did not pass this request on
introduction-mail-stopped-text = The park has looked at your request for { $team } and did not pass it on this time, for the reason below. Get in touch with the park if you have questions.

introduction-mail-over-subject = About “{ $need }”: this introduction has ended
introduction-mail-over-withdrawn = { $firm } has taken the request back; there is nothing to answer any more.
introduction-mail-over-refused = { $firm } does not go on this time and thanks you for your time.
introduction-mail-over-silent = { $firm } did not choose a time, so this introduction has closed by itself.
introduction-mail-over-stopped = The park has ended this introduction; there is nothing to answer any more.
introduction-mail-over-note = No contacts were exchanged, and the place in your month is free again.

introduction-mail-exchanged-subject = The meeting about “{ $need }” is fixed
introduction-mail-exchanged-enterprise = { $team } and you have both agreed to meet. Time and contact are below; a calendar file is attached.
introduction-mail-exchanged-team = { $firm } has chosen a time, and both have agreed to meet. Time and contact are below; a calendar file is attached.
introduction-mail-exchanged-note = The contact is for this introduction alone; do not pass it on.

introduction-mail-copy-subject = Copy: { $firm } and { $team } will meet
introduction-mail-copy-text = Both have agreed, and their contacts were exchanged by the system. This copy holds no personal contact.

introduction-meeting-summary = Introduction: { $firm } and { $team }
introduction-meeting-about = Need: { $need }. Details: { $link }

introduction-mail-team-gone = { $team } takes no part in this introduction any more, so it has ended. No contacts were exchanged.
introduction-mail-contact-withdrawn-subject = About “{ $need }”: a contact is not to be used any more
introduction-mail-contact-withdrawn-team = { $team } has taken back the consent to show its contact.
introduction-mail-contact-withdrawn-enterprise = { $firm } has taken back the consent to show its contact.
introduction-mail-contact-withdrawn-delete = Do not use the name, address and telephone that you were given any more, and delete them wherever you keep them.
introduction-contact-withdrawn = The other side has taken back the consent to show its contact.

## The queue

introduction-cannot-open-many = Your organisation has { $n } introductions open or waiting; ask again when some of them have come to an end.
introduction-queue-join = Wait in the queue
introduction-queue-title = Waiting for a team
introduction-queue-place = Place { $place }, probably from { $day } on. When your turn comes you are asked first whether you still need it.
introduction-queue-place-only = Place { $place }
introduction-queue-since = Waiting since
introduction-queue-asked = It is your turn. Do you still want to meet this team? A place is kept for you until { $due }.
introduction-queue-released = It has become a request; the park looks at it first.
introduction-queue-gone = It is not in the queue any more.
introduction-queue-state-waiting = In the queue
introduction-queue-state-asked = Your turn
introduction-queue-state-released = Became a request
introduction-queue-state-left = Left
introduction-queue-confirm = Still needed: send the request
introduction-queue-leave = Not needed: leave the queue
introduction-queue-joined = You are in the queue; you will get a letter when your turn comes
introduction-queue-confirmed = The request is sent; the park looks at it first
introduction-queue-left = You have left the queue
introduction-queue-cannot = It cannot be asked for now: the need has ended, or this month's requests are used up
introduction-mail-queue-ask-subject = Your turn, still needed? { $team }
introduction-mail-queue-ask-text = { $team }, for which you wait with the need “{ $need }”, has a place now. It is kept for you until { $due }. Follow the link and press a button, also if you do not need it any more, so that others move up.
introduction-mail-queue-answer = Say whether you still need it
introduction-mail-queue-left-subject = Out of the queue: { $team }
introduction-mail-queue-left-text = You waited for { $team } with the need “{ $need }”. When your turn came there was no answer, and the place went to the next. You can wait again, or see other teams.
