#include "bench/tracer_speed/traffic.hpp"

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <vector>

#include "labs/testbed/testbed.hpp"

namespace bench {
namespace {

constexpr unsigned at_a_time = 4;
constexpr std::size_t reply_bytes = 2000;

[[noreturn]] void fail(const char* call) {
  throw std::runtime_error(fmt::format("{}: {}", call, std::strerror(errno)));
}

class Socket {
 public:
  explicit Socket(int fd) : fd_(fd) {
    if (fd < 0) fail("socket");
  }
  ~Socket() { close(fd_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  int fd() const { return fd_; }

  void write_all(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t sent = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent < 0) fail("send");
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  void read_to_end() const {
    char buffer[65'536];
    while (recv(fd_, buffer, sizeof buffer, 0) > 0) {
    }
  }

 private:
  int fd_;
};

/// A GET gets its reply; after a PUT everything is read. The server closes first.
void answer(int accepted) {
  const Socket peer(accepted);
  std::string request;
  char buffer[4096];
  while (request.find("\r\n\r\n") == std::string::npos) {
    const ssize_t got = recv(peer.fd(), buffer, sizeof buffer, 0);
    if (got <= 0) return;
    request.append(buffer, static_cast<std::size_t>(got));
  }
  if (request.starts_with("PUT")) return peer.read_to_end();
  peer.write_all(
      fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{:x<{}}",
                  reply_bytes, "", reply_bytes));
}

int serve() {
  const Socket listener(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int on = 1;
  setsockopt(listener.fd(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in here{};
  here.sin_family = AF_INET;
  here.sin_port = htons(80);
  if (bind(listener.fd(), reinterpret_cast<const sockaddr*>(&here), sizeof here) < 0) fail("bind");
  if (listen(listener.fd(), 128) < 0) fail("listen");
  std::vector<std::thread> workers;
  for (unsigned i = 0; i < at_a_time; ++i)
    workers.emplace_back([&] {
      for (;;)
        if (const int peer = accept(listener.fd(), nullptr, nullptr); peer >= 0) answer(peer);
    });
  for (std::thread& one : workers) one.join();
  return 0;
}

int connect_to_server() {
  addrinfo wanted{}, *found = nullptr;
  wanted.ai_family = AF_INET;
  wanted.ai_socktype = SOCK_STREAM;
  if (getaddrinfo("server", "80", &wanted, &found) != 0)
    throw std::runtime_error("server: no such host");
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool good = fd >= 0 && connect(fd, found->ai_addr, found->ai_addrlen) == 0;
  freeaddrinfo(found);
  if (!good) fail("connect");
  return fd;
}

int get(std::uint64_t connections) {
  std::vector<std::thread> workers;
  for (unsigned i = 0; i < at_a_time; ++i)
    workers.emplace_back([=] {
      for (std::uint64_t number = i; number < connections; number += at_a_time) {
        const Socket server(connect_to_server());
        server.write_all(fmt::format(
            "GET /page/{} HTTP/1.1\r\nHost: server\r\nConnection: close\r\n\r\n", number));
        server.read_to_end();
      }
    });
  for (std::thread& one : workers) one.join();
  return 0;
}

int put(std::uint64_t bytes) {
  const Socket server(connect_to_server());
  server.write_all("PUT /bulk HTTP/1.1\r\nHost: server\r\nConnection: close\r\n\r\n");
  const std::string chunk(65'536, 'b');
  for (std::uint64_t sent = 0; sent < bytes; sent += chunk.size()) server.write_all(chunk);
  shutdown(server.fd(), SHUT_WR);
  server.read_to_end();
  return 0;
}

/// Classic pcap, which the yardstick reads too; nanoseconds.
class PcapFile {
 public:
  explicit PcapFile(const std::string& path) : file_(std::fopen(path.c_str(), "wb")) {
    if (!file_) fail(path.c_str());
    const std::uint32_t head[] = {0xa1b23c4d, 2 | 4u << 16, 0, 0, 262'144, 1};  // Ethernet
    put(head, sizeof head);
  }
  ~PcapFile() { std::fclose(file_); }
  PcapFile(const PcapFile&) = delete;
  PcapFile& operator=(const PcapFile&) = delete;
  void add(const tracer::Frame& frame) {
    const auto time = static_cast<std::uint64_t>(frame.time.time_since_epoch().count());
    const std::uint32_t record[] = {static_cast<std::uint32_t>(time / 1'000'000'000),
                                    static_cast<std::uint32_t>(time % 1'000'000'000),
                                    static_cast<std::uint32_t>(frame.bytes.size()),
                                    frame.original_length};
    put(record, sizeof record);
    put(frame.bytes.data(), frame.bytes.size());
    ++packets;
  }
  std::uint64_t packets = 0, bytes = 0;

 private:
  void put(const void* from, std::size_t size) {
    if (std::fwrite(from, 1, size, file_) != size) fail("the capture cannot be written");
    bytes += size;
  }
  std::FILE* file_;
};

MadeCapture record(const std::string& path, const std::string& program, const std::string& words,
                   std::uint64_t connections) {
  testbed::RunSpec spec;
  spec.server = fmt::format("'{}' --serve", program);
  spec.client = fmt::format("'{}' {}", program, words);
  spec.time_limit = std::chrono::minutes(2);
  spec.capture_limit = std::uint64_t{4} << 30;
  const testbed::RunResult result = testbed::run(spec);
  const auto& client = result.programs[0];
  if (!client.ran || client.status != 0)
    throw std::runtime_error("the load failed: " + client.output + client.detail);
  PcapFile file(path);
  for (const tracer::Frame& frame : result.frames)
    if (frame.vantage == 0) file.add(frame);
  return {file.packets, connections, file.bytes};
}

}  // namespace

MadeCapture record_http_capture(const std::string& path, const std::string& program,
                                std::uint64_t connections) {
  return record(path, program, fmt::format("--get {}", connections), connections);
}

MadeCapture record_bulk_capture(const std::string& path, const std::string& program,
                                std::uint64_t bytes) {
  return record(path, program, fmt::format("--put {}", bytes), 1);
}

int run_traffic_program(int count, char** words) {
  const std::string_view word = count > 1 ? words[1] : "";
  const std::uint64_t number = count > 2 ? std::strtoull(words[2], nullptr, 10) : 0;
  try {
    if (word == "--serve") return serve();
    if (word == "--get") return get(number);
    if (word == "--put") return put(number);
  } catch (const std::exception& error) {
    return fmt::print(stderr, "tracer_speed: {}\n", error.what()), 1;
  }
  return -1;
}

}  // namespace bench
