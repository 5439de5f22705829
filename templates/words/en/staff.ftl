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
staff-zones = Zones
staff-people = Park staff
staff-request = Request to look at
staff-broken = Letter not delivered
staff-closing = Closes soon
staff-review = To review
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
