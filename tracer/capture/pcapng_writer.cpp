#include "tracer/capture/pcapng_writer.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "tracer/bytes/failure.hpp"
#include "tracer/capture/pcapng_file.hpp"

namespace tracer {
namespace {
constexpr std::size_t flush_at = 256 * 1024;
}

PcapngWriter::PcapngWriter(const std::string& path, std::string application, std::string comment)
    : name_(path),
      application_(std::move(application)),
      comment_(std::move(comment)),
      fd_(STDOUT_FILENO) {
  if (path != "-") fd_ = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd_ < 0)
    throw Failure(errno == EACCES || errno == EPERM ? exit_code::not_permitted : exit_code::failed,
                  path + ": " + std::strerror(errno), "choose a folder that you may write to");
}

PcapngWriter::PcapngWriter(std::string* into, std::string application, std::string comment)
    : application_(std::move(application)), comment_(std::move(comment)), into_(into) {}

void PcapngWriter::section() {
  begun_ = true;
  const std::size_t start = begin(pcapng::section_header);
  u32(pcapng::byte_order_magic);
  u16(1);
  u16(0);
  u32(0xffffffff);  // length of the section: not known
  u32(0xffffffff);
  if (!comment_.empty()) option(pcapng::opt_comment, as_bytes(comment_));
  option(pcapng::shb_userappl, as_bytes(application_));
  option(pcapng::opt_end, {});
  end(start);
}

PcapngWriter::~PcapngWriter() {
  try {
    flush();
  } catch (const Failure&) {  // whoever cares has called flush() and heard of it
  }
  if (fd_ > STDERR_FILENO) close(fd_);
}

void PcapngWriter::u16(std::uint16_t value) {
  const auto* bytes = reinterpret_cast<const std::byte*>(&value);
  buffer_.insert(buffer_.end(), bytes, bytes + sizeof value);
}
void PcapngWriter::u32(std::uint32_t value) {
  const auto* bytes = reinterpret_cast<const std::byte*>(&value);
  buffer_.insert(buffer_.end(), bytes, bytes + sizeof value);
}
void PcapngWriter::raw(Bytes bytes) {
  buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
  buffer_.resize(buffer_.size() + (4 - bytes.size() % 4) % 4);
}
void PcapngWriter::option(std::uint16_t code, Bytes value) {
  const Bytes kept = slice(value, 0, 0xffff);
  u16(code);
  u16(static_cast<std::uint16_t>(kept.size()));
  raw(kept);
}

std::size_t PcapngWriter::begin(std::uint32_t type) {
  if (!begun_) section();
  const std::size_t start = buffer_.size();
  u32(type);
  u32(0);
  return start;
}

void PcapngWriter::end(std::size_t start) {
  const auto length = static_cast<std::uint32_t>(buffer_.size() - start + 4);
  std::memcpy(buffer_.data() + start + 4, &length, sizeof length);
  u32(length);
  if (buffer_.size() >= flush_at) flush();
}

void PcapngWriter::add_interface(const Vantage& vantage) {
  const std::size_t start = begin(pcapng::interface_description);
  u16(static_cast<std::uint16_t>(vantage.link));
  u16(0);
  u32(vantage.snaplen);
  if (!vantage.name.empty()) option(pcapng::if_name, as_bytes(vantage.name));
  const std::byte nanoseconds{9};
  option(pcapng::if_tsresol, {&nanoseconds, 1});
  option(pcapng::opt_end, {});
  end(start);
  links_.push_back(vantage.link);
}

void PcapngWriter::add_name(Bytes address, const std::string& name) {
  const std::size_t start = begin(pcapng::name_resolution);
  std::vector<std::byte> record(address.begin(), address.end());
  for (const char c : name) record.push_back(static_cast<std::byte>(c));
  record.push_back(std::byte{0});
  u16(address.size() == 4 ? 1 : 2);  // nrb_record_ipv4, nrb_record_ipv6
  u16(static_cast<std::uint16_t>(record.size()));
  raw(record);
  u16(0);
  u16(0);
  end(start);
}

void PcapngWriter::write(const Frame& frame) {
  const auto nanoseconds = static_cast<std::uint64_t>(frame.time.time_since_epoch().count());
  const std::size_t start = begin(pcapng::enhanced_packet);
  u32(frame.vantage);
  u32(static_cast<std::uint32_t>(nanoseconds >> 32));
  u32(static_cast<std::uint32_t>(nanoseconds));
  u32(static_cast<std::uint32_t>(frame.bytes.size()));
  u32(frame.original_length);
  raw(frame.bytes);
  bool options = false;
  if (!frame.comment.empty()) {
    option(pcapng::opt_comment, as_bytes(frame.comment));
    options = true;
  }
  if (frame.direction != Direction::unknown) {
    const std::uint32_t flags = frame.direction == Direction::inbound ? 1 : 2;
    option(pcapng::epb_flags, std::as_bytes(std::span(&flags, 1)));
    options = true;
  }
  if (frame.packet_id) {
    option(pcapng::epb_packetid, std::as_bytes(std::span(&*frame.packet_id, 1)));
    options = true;
  }
  if (options) option(pcapng::opt_end, {});
  end(start);
}

void PcapngWriter::flush() {
  if (!begun_) section();
  if (into_) {
    into_->append(as_text(buffer_));
    buffer_.clear();
    return;
  }
  std::size_t at = 0;
  while (at < buffer_.size()) {
    const ssize_t wrote = ::write(fd_, buffer_.data() + at, buffer_.size() - at);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) {
      const int why = errno;
      buffer_.clear();
      throw Failure(exit_code::failed, name_ + ": " + std::strerror(why),
                    why == ENOSPC ? "make room on the disk, or write elsewhere with -w" : "");
    }
    at += static_cast<std::size_t>(wrote);
  }
  buffer_.clear();
}

}  // namespace tracer
