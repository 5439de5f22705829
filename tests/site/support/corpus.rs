//! What people type who want a page to run it: for every text of the site.

#![allow(dead_code, reason = "each test file uses its part")]

/// Where a request goes that no page should make; a test that listens puts its own address in its place.
pub(crate) const CANARY: &str = "http://canary.example/x";

/// What is to be run.
const DEEDS: [&str; 5] = [
    "alert(1)",
    "alert`1`",
    "fetch('http://canary.example/x')",
    "new Image().src='http://canary.example/x'",
    "location='http://canary.example/x'",
];

/// Ways out of where a text stands, `@` for what is to be run.
const WAYS: [&str; 52] = [
    "<script>@</script>",
    "\"><script>@</script>",
    "'><script>@</script>",
    "--><script>@</script><!--",
    "</textarea><script>@</script>",
    "</title><script>@</script>",
    "</option></select><img src=x onerror=@>",
    "</script><script>@</script>",
    "]]><script>@</script>",
    "<ScRiPt >@</sCrIpT >",
    "<script/x>@</script>",
    "<<script>@//<</script>",
    "＜script＞@＜/script＞",
    "<img src=x onerror=@>",
    "\"><img src=x onerror=\"@\">",
    "'><img src=x onerror='@'>",
    "<img/src=x/onerror=@>",
    "<svg onload=@>",
    "<svg/onload=@//",
    "<svg><script>@</script></svg>",
    "<svg><animate onbegin=@ attributeName=x dur=1s>",
    "<svg></p><style><a id=\"</style><img src=1 onerror=@>\">",
    "<math><mtext><table><mglyph><style><img src=x onerror=@>",
    "<noscript><p title=\"</noscript><img src=x onerror=@>\">",
    "<iframe srcdoc=\"<script>@</script>\">",
    "<iframe src=javascript:@>",
    "<object data=javascript:@>",
    "<embed src=javascript:@>",
    "<form action=javascript:@><button autofocus>",
    "<a href=javascript:@>",
    "\" autofocus onfocus=@ x=\"",
    "' autofocus onfocus=@ x='",
    " autofocus onfocus=@ x",
    "` onmouseover=@ x=`",
    "\"onmouseover=@ style=position:fixed;inset:0 x=\"",
    "x\" formaction=javascript:@ \"",
    "<details open ontoggle=@>",
    "<video><source onerror=@></video>",
    "<body onload=@>",
    "<meta http-equiv=refresh content=\"0;url=javascript:@\">",
    "javascript:@",
    "JaVaScRiPt:@",
    "java\tscript:@",
    "data:text/html,<script>@</script>",
    "vbscript:@",
    "&lt;script&gt;@&lt;/script&gt;",
    "&#60;script&#62;@&#60;/script&#62;",
    "%3Cscript%3E@%3C/script%3E",
    "\\u003cscript\\u003e@\\u003c/script\\u003e",
    "x\u{2028}@//",
    "\u{202e}<script>@</script>\u{202c}",
    "\u{feff}<script>@</script>\u{200b}",
];

/// What needs nothing to be run: requests, frames, styles, words of the template language.
const OTHERS: [&str; 14] = [
    "<style>@import'http://canary.example/x'</style>",
    "<link rel=stylesheet href=http://canary.example/x>",
    "<base href=http://canary.example/x>",
    "<meta http-equiv=refresh content=0;url=http://canary.example/x>",
    "<img src=http://canary.example/x>",
    "<video poster=http://canary.example/x>",
    "<table background=http://canary.example/x>",
    "\" style=\"background:url(http://canary.example/x)",
    "<form action=http://canary.example/x><input name=csrf>",
    "';}body{background:url(http://canary.example/x)}",
    "{{ 7 * 7 }}",
    "{% for x in page %}{{ x }}{% endfor %}",
    "{{ site.base_url }}{# gone #}",
    "{{ <forms.hidden name=\"x\" value=\"y\" /> }}",
];

/// More than two hundred of them.
pub(crate) fn strings() -> Vec<String> {
    let ways = WAYS.iter().flat_map(|way| DEEDS.iter().map(move |deed| way.replace('@', deed)));
    ways.chain(OTHERS.iter().map(|other| (*other).to_owned())).collect()
}
