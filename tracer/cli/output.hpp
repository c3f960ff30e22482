#pragma once

#include <string>
#include <vector>

namespace tracer {

/// Throws Failure (1) if `target` is one of `inputs`, under whatever name: writing it would destroy
/// what is being read.
void refuse_to_overwrite(const std::vector<std::string>& inputs, const std::string& target);

/// Where the data goes: a file, or standard output. A reader that has had enough (`| head`) ends
/// the program quietly. What a file held stays until there is something to put in its place: a
/// filter that lets nothing pass costs nobody an older picture.
class Output {
 public:
  /// Throws Failure (1 or 4) if the file cannot be made.
  explicit Output(const std::string& path);
  ~Output();
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  /// Append here; flush_if_large() and flush() hand it on.
  std::string text;
  void flush_if_large() {
    if (text.size() >= 64 * 1024) flush();
  }
  void flush();

 private:
  [[noreturn]] void fail(int why);

  std::string name_;
  int fd_ = 1;
  bool holds_older_ = false;  // the file is not ours yet
};

}  // namespace tracer
