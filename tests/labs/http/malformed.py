"""Requests as people and attackers make them, and the status that RFC 9110 and 9112 want for each."""

HOST = b"Host: localhost\r\n"
GET = b"GET /hello.txt HTTP/1.1\r\n"


def get(fields=b"", target=b"/hello.txt", version=b"HTTP/1.1", method=b"GET"):
    return method + b" " + target + b" " + version + b"\r\n" + HOST + fields + b"\r\n"


def post(fields, body=b"", version=b"HTTP/1.1"):
    return b"POST /echo " + version + b"\r\n" + HOST + fields + b"\r\n" + body


def chunks(body):
    return post(b"Transfer-Encoding: chunked\r\n", body)


# (status, what is wrong, the bytes)
REQUESTS = [
    # the request line (RFC 9112 §3)
    (400, "no blank", b"GET\r\n\r\n"),
    (400, "HTTP/0.9", b"GET /hello.txt\r\n\r\n"),
    (400, "two blanks", b"GET  /hello.txt HTTP/1.1\r\n" + HOST + b"\r\n"),
    (400, "a blank at the end", b"GET /hello.txt HTTP/1.1 \r\n" + HOST + b"\r\n"),
    (400, "a tab for a blank", b"GET\t/hello.txt\tHTTP/1.1\r\n" + HOST + b"\r\n"),
    (400, "a blank in the target", b"GET /hello .txt HTTP/1.1\r\n" + HOST + b"\r\n"),
    (400, "a blank before the method", b" GET /hello.txt HTTP/1.1\r\n" + HOST + b"\r\n"),
    (400, "a method that is no word", get(method=b"G(ET")),
    (400, "a NUL in the method", get(method=b"GE\0T")),
    (400, "a control character in the target", get(target=b"/hel\x01lo.txt")),
    (400, "a NUL in the target", get(target=b"/hello\0.txt")),
    (400, "a byte beyond ASCII in the target", get(target=b"/h\xc3\xa4llo")),
    (400, "no path", get(target=b"hello.txt")),
    (400, "a version in small letters", get(version=b"http/1.1")),
    (400, "a version of three digits", get(version=b"HTTP/1.10")),
    (400, "a version without minor", get(version=b"HTTP/1")),
    (505, "HTTP/2.0", get(version=b"HTTP/2.0")),
    (505, "HTTP/0.9 with a version", get(version=b"HTTP/0.9")),
    (505, "the preface of HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    (501, "a method that nobody knows", get(method=b"BREW")),
    (501, "methods know case", get(method=b"get")),
    (405, "a method that is not for files", get(b"Content-Length: 0\r\n", method=b"DELETE")),
    (405, "GET of what takes POST only", get(target=b"/echo")),
    (405, "no proxy", b"CONNECT example.org:443 HTTP/1.1\r\n" + HOST + b"\r\n"),
    (414, "a target of 9000 bytes", get(target=b"/" + b"a" * 9000)),
    (414, "a request line without end", b"GET /" + b"a" * 60000),
    (431, "a field of 40 KiB", get(b"Cookie: " + b"c" * 40960 + b"\r\n")),
    (431, "200 fields", get(b"A: b\r\n" * 200)),
    # lines (RFC 9112 §2.2)
    (400, "bare LF everywhere", b"GET /hello.txt HTTP/1.1\nHost: localhost\n\n"),
    (400, "bare LF after one field", GET + b"Host: localhost\n\r\n"),
    (400, "bare LF at the end", GET + b"Host: localhost\r\n\n"),
    (400, "bare CR in a field", get(b"A: b\rc\r\n")),
    (400, "bare CR hides a field", get(b"A: b\rContent-Length: 5\r\n")),
    # fields (RFC 9112 §5)
    (400, "a blank before the colon", post(b"Content-Length : 3\r\n", b"abc")),
    (400, "a tab before the colon", get(b"A\t: b\r\n")),
    (400, "no colon", get(b"nonsense\r\n")),
    (400, "no name", get(b": value\r\n")),
    (400, "a folded line", get(b"A: b\r\n c\r\n")),
    (400, "the first field folded", GET + b" Host: localhost\r\n\r\n"),
    (400, "folded Transfer-Encoding", post(b"Transfer-Encoding:\r\n chunked\r\n", b"0\r\n\r\n")),
    (400, "a NUL in a value", get(b"A: b\0c\r\n")),
    (400, "a control character in a value", get(b"A: b\x07c\r\n")),
    (400, "a name in brackets", get(b"[A]: b\r\n")),
    # Host (RFC 9112 §3.2)
    (400, "no Host", GET + b"\r\n"),
    (400, "two Hosts", get(HOST)),
    (400, "two names in Host", GET + b"Host: a, b\r\n\r\n"),
    (400, "a path in Host", GET + b"Host: localhost/x\r\n\r\n"),
    (400, "a user in Host", GET + b"Host: me@localhost\r\n\r\n"),
    # where the body ends (RFC 9112 §6)
    (411, "POST without a length", b"POST /echo HTTP/1.1\r\n" + HOST + b"\r\n"),
    (400, "Content-Length and Transfer-Encoding", post(b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n", b"0\r\n\r\nX")),
    (400, "Transfer-Encoding and Content-Length", post(b"Transfer-Encoding: chunked\r\nContent-Length: 6\r\n", b"0\r\n\r\nX")),
    (400, "two lengths", post(b"Content-Length: 3\r\nContent-Length: 4\r\n", b"abcd")),
    (400, "the same length twice", post(b"Content-Length: 3\r\nContent-Length: 3\r\n", b"abc")),
    (400, "a list of lengths", post(b"Content-Length: 3, 4\r\n", b"abcd")),
    (400, "a length with a sign", post(b"Content-Length: +3\r\n", b"abc")),
    (400, "a negative length", post(b"Content-Length: -3\r\n", b"abc")),
    (400, "a length in hex", post(b"Content-Length: 0x3\r\n", b"abc")),
    (400, "a length with a blank", post(b"Content-Length: 3 3\r\n", b"abc")),
    (400, "an empty length", post(b"Content-Length:\r\n", b"abc")),
    (413, "a length beyond the limit", post(b"Content-Length: 99999999\r\n")),
    (413, "a length beyond 64 bits", post(b"Content-Length: 99999999999999999999999\r\n")),
    (501, "a coding that nobody knows", post(b"Transfer-Encoding: gzip, chunked\r\n", b"0\r\n\r\n")),
    (400, "chunked is not the last", post(b"Transfer-Encoding: chunked, gzip\r\n", b"0\r\n\r\n")),
    (400, "chunked twice", post(b"Transfer-Encoding: chunked, chunked\r\n", b"0\r\n\r\n")),
    (400, "chunked in two fields", post(b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", b"0\r\n\r\n")),
    (400, "hidden identity", post(b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", b"0\r\n\r\n")),
    (400, "xchunked", post(b"Transfer-Encoding: xchunked\r\n", b"0\r\n\r\n")),
    (400, "a quoted chunked", post(b"Transfer-Encoding: \"chunked\"\r\n", b"0\r\n\r\n")),
    (400, "a vertical tab before chunked", post(b"Transfer-Encoding: \x0bchunked\r\n", b"0\r\n\r\n")),
    (400, "an empty Transfer-Encoding", post(b"Transfer-Encoding:\r\n", b"0\r\n\r\n")),
    (400, "chunks in HTTP/1.0", post(b"Transfer-Encoding: chunked\r\n", b"0\r\n\r\n", b"HTTP/1.0")),
    (417, "an expectation that nobody knows", post(b"Content-Length: 3\r\nExpect: miracles\r\n", b"abc")),
    # chunks (RFC 9112 §7.1)
    (400, "a chunk's size that is no number", chunks(b"x\r\n\r\n")),
    (400, "an empty size", chunks(b"\r\n\r\n")),
    (400, "a size with a sign", chunks(b"+3\r\nabc\r\n0\r\n\r\n")),
    (400, "a negative size", chunks(b"-3\r\nabc\r\n0\r\n\r\n")),
    (400, "a size with 0x", chunks(b"0x3\r\nabc\r\n0\r\n\r\n")),
    (400, "a blank before the size", chunks(b" 3\r\nabc\r\n0\r\n\r\n")),
    (400, "a blank behind the size", chunks(b"3 \r\nabc\r\n0\r\n\r\n")),
    (400, "a size that ends in LF", chunks(b"3\nabc\r\n0\r\n\r\n")),
    (400, "a chunk that ends in LF", chunks(b"3\r\nabc\n0\r\n\r\n")),
    (400, "a chunk longer than it says", chunks(b"3\r\nabcd\r\n0\r\n\r\n")),
    (400, "a CR in an extension", chunks(b"3;a\rb\r\nabc\r\n0\r\n\r\n")),
    (400, "an extension without end", chunks(b"3;" + b"a" * 60000)),
    (413, "a size beyond the limit", chunks(b"7fffffff\r\nabc")),
    (413, "a size beyond 64 bits", chunks(b"fffffffffffffffff\r\nabc")),
    (413, "a size that wraps with what was there", chunks(b"3\r\nabc\r\nffffffffffffffff\r\nx")),
    (400, "a trailer without a name", chunks(b"0\r\nnonsense here\r\n\r\n")),
    (431, "a trailer without end", chunks(b"0\r\n" + b"A: b\r\n" * 20000)),
    # paths (RFC 3986 §5.2.4, and what lies outside the root)
    (400, "above the root", get(target=b"/../secret.txt")),
    (400, "above the root, encoded", get(target=b"/%2e%2e/secret.txt")),
    (400, "above the root, half encoded", get(target=b"/.%2E/secret.txt")),
    (400, "above the root, deeper", get(target=b"/notes/../../secret.txt")),
    (400, "an encoded slash", get(target=b"/..%2fsecret.txt")),
    (400, "above the root in absolute-form", get(target=b"http://localhost/../secret.txt")),
    (400, "an encoded NUL", get(target=b"/hello.txt%00.html")),
    (400, "half a %-escape", get(target=b"/hello%2")),
    (400, "a %-escape that is none", get(target=b"/hello%zz")),
    (404, "encoded twice", get(target=b"/%252e%252e/secret.txt")),
    (404, "a backslash is no slash", get(target=b"/..\\secret.txt")),
    (404, "a link that leads out", get(target=b"/way-out")),
    (404, "a folder's link that leads out", get(target=b"/way-up/secret.txt")),
    (404, "an absolute link", get(target=b"/passwd")),
    (404, "a name of 5000 bytes", get(target=b"/" + b"a" * 5000)),
    (404, "a folder without index", get(target=b"/empty/")),
    (404, "a file as folder", get(target=b"/hello.txt/x")),
    (404, "a FIFO", get(target=b"/pipe")),
]

# What looks odd and is right.
FINE = [
    (200, "an empty line first", b"\r\n" + get()),
    (200, "absolute-form", get(target=b"http://localhost/hello.txt")),
    (200, "absolute-form in capitals", get(target=b"HTTP://LOCALHOST/hello.txt")),
    (200, "HTTP/1.0 without Host", b"GET /hello.txt HTTP/1.0\r\n\r\n"),
    (200, "a later minor version", get(version=b"HTTP/1.9")),
    (200, "no blank after the colon", b"GET /hello.txt HTTP/1.1\r\nHost:localhost\r\n\r\n"),
    (200, "an empty Host", b"GET /hello.txt HTTP/1.1\r\nHost:\r\n\r\n"),
    (200, "an empty field", get(b"A:\r\n")),
    (200, "bytes beyond ASCII in a value", get(b"A: \xc3\xa4\r\n")),
    (200, "a query", get(target=b"/hello.txt?a=../../b")),
    (200, "escapes that spell the same", get(target=b"/%68ello.txt")),
    (200, "dots that stay inside", get(target=b"/notes/../hello.txt")),
    (200, "GET with a body", get(b"Content-Length: 3\r\n") + b"abc"),
    (200, "an empty body", post(b"Content-Length: 0\r\n")),
    (200, "a length with zeros", post(b"Content-Length: 003\r\n", b"abc")),
    (200, "chunks", chunks(b"3\r\nabc\r\n0\r\n\r\n")),
    (200, "a coding in capitals", post(b"Transfer-Encoding: CHUNKED\r\n", b"0\r\n\r\n")),
    (200, "sizes with zeros", chunks(b"0003\r\nabc\r\n000\r\n\r\n")),
    (200, "an extension", chunks(b"3;name=\"value\"\r\nabc\r\n0\r\n\r\n")),
    (200, "a blank before an extension", chunks(b"3 ;name\r\nabc\r\n0\r\n\r\n")),
    (200, "a trailer", chunks(b"3\r\nabc\r\n0\r\nA: b\r\n\r\n")),
    (200, "100-continue", post(b"Content-Length: 3\r\nExpect: 100-continue\r\n", b"abc")),
    (204, "OPTIONS *", b"OPTIONS * HTTP/1.1\r\n" + HOST + b"\r\n"),
    (204, "OPTIONS", get(method=b"OPTIONS")),
    (301, "a folder without '/'", get(target=b"/notes")),
]
