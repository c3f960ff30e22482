// The servers that are put under load: those of labs 07 and 08, and nginx.
#pragma once

#include <netinet/in.h>
#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace bench {

/// Who takes the next client?
enum class Model : std::uint8_t { one, processes, threads, pool, reactor, coroutines, nginx };

const char* name(Model model);  // "a thread each"
const char* key(Model model);   // "threads"
/// Those that are built, or installed, on this machine. Paths are searched anew at each call.
std::vector<Model> models_here();

/// A folder of our own below $TMPDIR, removed with this object. It holds hello.txt and what nginx writes.
class Scratch {
 public:
  Scratch();  // throws TripError
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// A server that serves scratch/www at 127.0.0.1, on the first core that we may use. Ends with this
/// object, and with this process, however that ends.
class Server {
 public:
  /// `threads` is the size of the pool, and of no meaning to other models. Returns when the server takes
  /// connections. Throws TripError.
  Server(Model model, unsigned threads, const Scratch& scratch);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  sockaddr_in address() const { return address_; }
  /// Bytes of memory that are its own and in use now, of the process and its children together.
  std::uint64_t resident() const;

 private:
  void await(Model model);

  pid_t process_ = -1;
  sockaddr_in address_{};
};

/// While it lives, this thread runs on the last core that we may use: not the server's, if there are two.
class AskingCore {
 public:
  AskingCore();
  ~AskingCore();
  AskingCore(const AskingCore&) = delete;
  AskingCore& operator=(const AskingCore&) = delete;

 private:
  std::vector<int> before_;
};

}  // namespace bench
