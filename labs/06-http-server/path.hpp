// Lab 06: from a request's target to a file, and to none outside the root.
#pragma once

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "labs/support/fd.hpp"
#include "request.hpp"

/// "%41" is "A" (RFC 3986 §2.1). Decoded once only: "%2541" is the name "%41".
inline std::string decode_percent(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    unsigned code = 0;
    const std::string_view digits = text.substr(i + 1, 2);
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
    if (digits.size() != 2 || error != std::errc() || end != digits.data() + 2)
      throw Refusal{400, "a % without two hexadecimal digits"};
    out += static_cast<char>(code);
    i += 2;
  }
  return out;
}

/// "/a/b?c" or "http://host/a/b?c" (absolute-form, which servers must accept: RFC 9112 §3.2.2)
/// becomes "/a/b".
inline std::string_view path_of(std::string_view target) {
  if (target.size() > 7 && same_word(target.substr(0, 7), "http://")) {
    target.remove_prefix(7);
    target.remove_prefix(std::min(target.find_first_of("/?"), target.size()));
    if (target.empty() || target[0] == '?') return "/";
  }
  if (target[0] != '/') throw Refusal{400, "the target is no path"};
  return target.substr(0, target.find_first_of("?#"));
}

/// "/a/./b%20c/../d" becomes "a/d": a path below the root, "" for the root itself; a '/' at the end
/// stays. Split first and decode then: "%2F" is a character of a name and separates nothing.
inline std::string path_below_root(std::string_view path) {
  std::vector<std::string> names;
  bool folder = true;
  for (path.remove_prefix(1); !path.empty();) {
    const std::string_view raw = path.substr(0, path.find('/'));
    folder = raw.size() < path.size();
    path.remove_prefix(std::min(raw.size() + 1, path.size()));
    const std::string name = decode_percent(raw);
    if (name.find('\0') != name.npos || name.find('/') != name.npos)
      throw Refusal{400, "no file can have such a name"};
    if (name == "..") {
      if (names.empty()) throw Refusal{400, "the path leads out of the root"};
      names.pop_back();
    }
    if (name == "." || name == "..")
      folder = true;
    else if (!name.empty())
      names.push_back(name);
  }
  std::string joined;
  for (const std::string& name : names) joined += (joined.empty() ? "" : "/") + name;
  return joined.empty() || !folder ? joined : joined + "/";
}

/// Opens a file or folder below `root`. Not valid if there is none; throws where it may not be read.
/// RESOLVE_BENEATH makes the kernel refuse whatever leads out, symbolic links too, at the moment of
/// opening: a check of the path beforehand could be overtaken (openat2(2)). O_NONBLOCK, so that
/// opening a FIFO that somebody left there waits for nobody.
inline Fd open_below(int root, const std::string& path) {
  open_how how{};
  how.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  const char* name = path.empty() ? "." : path.c_str();
  Fd file(static_cast<int>(syscall(SYS_openat2, root, name, &how, sizeof how)));
  if (file < 0 && errno == EACCES) throw Refusal{403, "not for everybody"};
  if (file < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOMEM))
    throw Refusal{503, "too busy"};
  if (file < 0 && errno == ENOSYS) throw Refusal{500, "this kernel has no openat2()"};
  return file;
}
