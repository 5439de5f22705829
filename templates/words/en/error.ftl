## Pages for when something is wrong: what happened, what to do next

error-home = Go to the home page
error-search = Search
error-sign-in = Sign in
error-request = Reference

error-404-title = Page not found
error-404-text = The address may have a typing mistake, or the content was withdrawn, or only the people concerned can see it.
error-404-next = If you typed or copied the address, check it. You can also start again from the search or the home page.

error-403-title = Your account cannot open this page
error-403-text = Only the park's staff in charge or the parties concerned can come in here.
error-403-next = If this concerns your organisation, sign in with the account registered for it. If you were sending a form, go back, reload the page and send it again.

error-500-title = There is a problem with the service
error-500-text = The fault is on our side and has been recorded. What you just sent may not have been saved.
error-500-next = Try again in a few minutes. If it happens again, give the reference below to the park's staff.

error-429-title = Too many attempts, wait a little
error-429-text = To prevent abuse there is a limit within a short time. Your account and what you wrote are untouched.
error-429-next = Wait a few minutes, then send it again from the page you were on.

error-400-title = We could not read what was sent
error-400-text = The page may have been open for too long, or part of the content was missing. Nothing was saved.
error-400-next = Go back, reload the page and send it again.

error-503-title = The service is coming back
error-503-text = The service stopped for a moment and is usually back within minutes. What you just sent may not have been saved.
error-503-next = Reload this page in a few minutes. If it is urgent, get in touch with the park's staff.

error-413-title = That is more than we can take at once
error-413-text = What was sent is larger than any form of this site. Nothing was saved.
error-413-next = Go back, shorten the text and send it again.
