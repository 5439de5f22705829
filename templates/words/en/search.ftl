## The search page

search-title = Search
search-title-of = Search for “{ $words }”
search-q = What are you looking for?
search-q-hint = Put spaces between words, quotation marks around words that belong together, and a minus sign before a word you do not want
search-submit = Search
search-filters = Filters
search-kind = Kind
search-zone = Zone
search-hits = What was found
search-found = { $count ->
    [one] { $count } result
   *[other] { $count } results
}
search-sort = Order
search-sort-relevance = Best first
search-sort-newest = Newest first
search-sort-expiring = Closing soonest first
search-kind-need = Need
search-kind-offer = Offer
search-kind-result = Research result
search-kind-enterprise = Enterprise
search-kind-team = Team
search-kind-exhibit = Exhibit
search-kind-event = Event
search-comma = ,{" "}
search-ignored = These were not used: { $pieces }
search-relaxed = Nothing has all the words. These have at least half of them.
search-corrected = Nothing says “{ $words }”; these are the results for “{ $meant }”.
search-by-sound = Nothing says “{ $words }”; these names sound like it in pinyin.
search-also = Synonyms were looked for as well: { $words }
search-suggest = Suggestions
search-suggest-count = { $n } suggestions; choose with the arrow keys
search-suggest-word = same as { $others }
search-none = Nothing was found
search-everywhere = Search without filters
search-none-zones = Other zones have some:
search-none-shorter = Try a shorter word:
search-none-post = Nobody in the park has mentioned it yet. Post it, and after review the park will look for a team that fits.
search-post = Post this need
