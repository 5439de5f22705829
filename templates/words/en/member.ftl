## Signing in, one's own particulars, the sign-in letter

member-sign-in = Sign in
member-sign-in-how = No password. Write your e-mail address and we send a letter with a link and a six-digit code.
member-email = E-mail address
member-email-hint = The same for your first time: once the address is confirmed, it is your account.
member-send-letter = Send the letter
member-email-missing = Write your e-mail address
member-email-form = Write the whole address, such as zhao@park.example
member-too-many = Too many letters for this address. Try again in { $minutes ->
    [one] one minute
   *[other] { $minutes } minutes
}, or use one that has arrived
member-code-title = Look into your mailbox
member-letter-sent = The letter is on its way to { $email }.
member-mend-email = Mistyped? Change it here
member-email-refused = The mail server says that there is no such address. Check it and write it again.
member-code = Six-digit code
member-code-hint = It is in the letter and works for 20 minutes. You can also follow the link in the letter.
member-enter = Sign in
member-letter-late = Nothing after a few minutes? Look among the junk mail, or use another address.
member-code-form = The code is six digits
member-code-wrong = That is not the code. { $left ->
    [one] One try is left
   *[other] { $left } tries are left
}
member-code-dead = This code was used, is too old or was tried too often. Ask for a new letter
member-digits-closed = Too many wrong codes today. For one day, sign in by the link in the letter
member-barred = The park has closed this account. Ask the park about it
member-demo-title = Demonstration
member-demo-code = No mail leaves here. The code is
member-demo-link = Open the link of the letter
member-link-for = Sign in as { $email }.
member-link-dead = This link was used or is too old
member-link-dead-how = A sign-in link works once, for 20 minutes. Ask for a new letter.
member-new-letter = Ask for a new letter
member-signed-out = You are signed out
member-signed-out-everywhere = You are signed out everywhere
member-sessions = { $many ->
    [1] You are signed in here only.
   *[other] You are signed in in { $many } places.
}
member-sessions-how = When a telephone or computer is lost, or was lent, sign out everywhere here. Signing in again takes a new letter.
member-sign-out-everywhere = Sign out everywhere
member-particulars = Your particulars
member-particulars-who-sees = Others see this name and these contacts only after you have agreed to an introduction.
member-particulars-saved = Saved
member-name = Name
member-name-missing = Write your name
member-title = Position
member-title-hint = Such as chief engineer or professor
member-phone = Telephone
member-phone-hint = Mobile or landline, with area code and extension if you like
member-phone-form = Write the telephone number in digits, such as 0746-5550123
member-colon = :{" "}
member-save = Save

member-letter-subject = Sign in to { $site }
member-letter-hello = Somebody (most likely you) wants to sign in to { $site } with this address.
member-letter-link = Follow this link, then press "Sign in":
member-letter-button = Open the sign-in page
member-letter-code = Or type this six-digit code on the sign-in page:
member-letter-lasts = The link and the code work once, for { $minutes } minutes.
member-letter-not-you = If it was not you, ignore this letter: without it nobody can sign in.

member-tried-subject = Somebody tries your sign-in codes ({ $site })
member-tried-what = Somebody wants to sign in to { $site } with this address and has typed { $times } wrong codes today.
member-tried-safe = Nobody came in.
member-tried-link = After { $most } wrong codes in a day only the link of a letter signs in. It keeps working, and only who reads this mailbox can use it.
member-tried-do = If it was you, ignore this letter. If not, there is nothing to do; tell the park if it goes on.

## Roles and parts of a contact

member-role-member = Member
member-role-curator = Curator
member-role-broker = Broker
member-role-administrator = Administrator
member-role-barred = Closed: cannot sign in, is signed out at once
member-field-name = name
member-field-email = e-mail
member-field-phone = telephone
