#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace grader {

/// A ZIP archive (PKWARE APPNOTE 6.3) put together in memory, entries stored as they are, the same bytes for
/// the same entries. Under 4 GiB.
class Zip {
 public:
  /// `mode` as in chmod(2); unpackers on Unix restore it.
  void add(const std::string& name, std::string_view content, unsigned mode);
  /// The archive.
  std::string finish() const;

 private:
  std::string body_, directory_;
  std::uint16_t entries_ = 0;
};

}  // namespace grader
