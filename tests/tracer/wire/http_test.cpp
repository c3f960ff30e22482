#include "tracer/wire/http.hpp"

#include <gtest/gtest.h>

namespace tracer {
namespace {

HttpBody body_of(std::string_view head, std::string_view method = "GET") {
  const auto line = first_line(as_bytes(head));
  return http_body(*HttpStartLine::parse(line->text), as_bytes(head), method);
}

TEST(Http, ReadsRequestLines) {
  const auto start = HttpStartLine::parse(as_bytes("GET /a?b HTTP/1.1"));
  ASSERT_TRUE(start);
  EXPECT_FALSE(start->response);
  EXPECT_EQ(as_text(start->method), "GET");
  EXPECT_EQ(as_text(start->target), "/a?b");
  EXPECT_EQ(as_text(start->version), "HTTP/1.1");
  EXPECT_FALSE(HttpStartLine::parse(as_bytes("FOO / HTTP/1.1")));
  EXPECT_FALSE(HttpStartLine::parse(as_bytes("get / HTTP/1.1")));
}

TEST(Http, ReadsStatusLines) {
  const auto start = HttpStartLine::parse(as_bytes("HTTP/1.1 404 Not Found"));
  ASSERT_TRUE(start);
  EXPECT_TRUE(start->response);
  EXPECT_EQ(start->code, 404);
  EXPECT_EQ(as_text(start->phrase), "Not Found");
}

TEST(Http, FindsTheEndOfTheHeader) {
  const std::string_view whole = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(http_header_size(as_bytes(whole.substr(0, size))));
  EXPECT_EQ(http_header_size(as_bytes(whole)), whole.size());
}

TEST(Http, KnowsHowABodyEnds) {
  EXPECT_EQ(body_of("GET / HTTP/1.1\r\n\r\n").end, HttpBody::End::none);
  EXPECT_EQ(body_of("HTTP/1.1 200 OK\r\n\r\n").end, HttpBody::End::close);
  EXPECT_EQ(body_of("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n").length, 5u);
  EXPECT_EQ(
      body_of("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n").end,
      HttpBody::End::chunks);
  EXPECT_EQ(body_of("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n").end,
            HttpBody::End::none);
  EXPECT_EQ(body_of("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "HEAD").end,
            HttpBody::End::none);
}

TEST(Http, FollowsChunksCutAnywhere) {
  const std::string_view body = "5;x=y\r\nabcde\r\n0\r\nTrailer: t\r\n\r\n";
  const std::string_view after = "HTTP/1.1 200";
  std::string all(body);
  all.append(after);
  for (std::size_t cut = 0; cut <= all.size(); ++cut) {
    HttpChunks chunks;
    std::size_t taken = chunks.take(as_bytes(std::string_view(all).substr(0, cut)));
    EXPECT_EQ(taken, std::min(cut, body.size()));
    taken += chunks.take(as_bytes(std::string_view(all).substr(cut)));
    EXPECT_TRUE(chunks.done());
    EXPECT_EQ(taken, body.size());
  }
}

TEST(Http, SeesDamagedChunks) {
  for (const std::string_view body : {"zz\r\n", "\r\n", "ffffffffffffffffffff\r\n"}) {
    HttpChunks chunks;
    chunks.take(as_bytes(body));
    EXPECT_TRUE(chunks.damaged()) << body;
  }
}

TEST(Http, SurvivesLongHeaderLines) {
  std::string head = "GET / HTTP/1.1\r\nX: ";
  head.append(1 << 16, 'x').append("\r\n\r\n");
  EXPECT_EQ(http_header_size(as_bytes(head)), head.size());
}

}  // namespace
}  // namespace tracer
