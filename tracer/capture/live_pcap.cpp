#include <pcap/pcap.h>

#include <cerrno>
#include <map>

#include "tracer/bytes/failure.hpp"
#include "tracer/capture/live.hpp"

namespace tracer {
namespace {

constexpr auto permission_hint =
    "capture inside the lab's own hosts (wirelab run), run as root, or once: "
    "sudo setcap cap_net_raw=ep PATH-TO-TRACER";

[[noreturn]] void refuse(int status, const std::string& interface, const std::string& detail) {
  if (status == PCAP_ERROR_PERM_DENIED || status == PCAP_ERROR_PROMISC_PERM_DENIED)
    throw Failure(exit_code::not_permitted, interface + ": not permitted to capture here",
                  permission_hint);
  if (status == PCAP_ERROR_NO_SUCH_DEVICE || status == PCAP_ERROR_IFACE_NOT_UP)
    throw Failure(exit_code::failed,
                  interface + (status == PCAP_ERROR_IFACE_NOT_UP ? ": the interface is down"
                                                                 : ": no such interface"),
                  "tracer -D lists the interfaces");
  throw Failure(exit_code::failed,
                interface + ": " + (detail.empty() ? pcap_statustostr(status) : detail));
}

class Program {
 public:
  Program(int link, const std::string& filter, std::uint32_t snaplen) {
    pcap_t* dead = pcap_open_dead(link, static_cast<int>(snaplen));
    const int status = pcap_compile(dead, &program_, filter.c_str(), 1, PCAP_NETMASK_UNKNOWN);
    const std::string why = status < 0 ? pcap_geterr(dead) : "";
    pcap_close(dead);
    if (status < 0)
      throw Failure(exit_code::usage, "capture filter '" + filter + "': " + why,
                    "pcap-filter(7) has the language; -Y takes Wireshark's display filters");
  }
  ~Program() { pcap_freecode(&program_); }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  bpf_program* get() { return &program_; }

 private:
  bpf_program program_{};
};

class PcapLive final : public LiveSource {
 public:
  explicit PcapLive(const LiveOptions& options) : blocking_(options.blocking) {
    char error[PCAP_ERRBUF_SIZE] = "";
    pcap_ = pcap_create(options.interface.c_str(), error);
    if (!pcap_) throw Failure(exit_code::failed, options.interface + ": " + error);
    pcap_set_snaplen(pcap_, static_cast<int>(options.snaplen));
    pcap_set_promisc(pcap_, options.promiscuous);
    pcap_set_immediate_mode(pcap_, options.immediate);
    pcap_set_timeout(pcap_, 100);  // ms; how long a batch may wait where frames are batched
    pcap_set_buffer_size(pcap_, static_cast<int>(options.buffer_bytes));
    pcap_set_tstamp_precision(pcap_, PCAP_TSTAMP_PRECISION_NANO);
    if (const int status = pcap_activate(pcap_); status < 0) {
      const std::string detail = pcap_geterr(pcap_);
      pcap_close(pcap_);
      refuse(status, options.interface, status == PCAP_ERROR ? detail : "");
    }
    nanoseconds_per_tick_ =
        pcap_get_tstamp_precision(pcap_) == PCAP_TSTAMP_PRECISION_NANO ? 1 : 1000;
    vantages_.push_back(
        {options.interface, static_cast<LinkType>(pcap_datalink(pcap_)), options.snaplen});
    // libpcap's DLT_RAW is 12, the number in files is 101.
    if (vantages_[0].link == LinkType::raw_bsd) vantages_[0].link = LinkType::raw;
    if (!options.filter.empty()) {
      Program program(pcap_datalink(pcap_), options.filter, options.snaplen);
      pcap_setfilter(pcap_, program.get());
    }
    if (!blocking_) pcap_setnonblock(pcap_, 1, error);
  }
  ~PcapLive() override { pcap_close(pcap_); }

  bool next(Frame& frame) override {
    pcap_pkthdr* header = nullptr;
    const u_char* bytes = nullptr;
    for (;;) {
      const int got = pcap_next_ex(pcap_, &header, &bytes);
      if (got == 1) break;
      if (got == 0 && blocking_ && !stopped_) continue;  // the batch timer ran out, empty
      if (got < 0 && got != PCAP_ERROR_BREAK && cut_short_.empty()) cut_short_ = pcap_geterr(pcap_);
      return false;
    }
    frame.time = Timestamp(std::chrono::seconds(header->ts.tv_sec) +
                           Nanoseconds(header->ts.tv_usec * nanoseconds_per_tick_));
    frame.link = vantages_[0].link;
    frame.direction = Direction::unknown;
    frame.vantage = 0;
    frame.original_length = header->len;
    frame.bytes = {reinterpret_cast<const std::byte*>(bytes), header->caplen};
    frame.packet_id.reset();
    frame.comment = {};
    return true;
  }
  const std::vector<Vantage>& vantages() const override { return vantages_; }
  std::string cut_short() const override { return cut_short_; }
  int descriptor() const override { return pcap_get_selectable_fd(pcap_); }
  void stop() override {
    stopped_ = 1;
    pcap_breakloop(pcap_);
  }
  LiveStatistics statistics() override {
    pcap_stat counts{};
    pcap_stats(pcap_, &counts);
    return {counts.ps_recv, std::uint64_t{counts.ps_drop} + counts.ps_ifdrop};
  }

 private:
  pcap_t* pcap_ = nullptr;
  bool blocking_;
  volatile int stopped_ = 0;
  std::int64_t nanoseconds_per_tick_ = 1;
  std::vector<Vantage> vantages_;
  std::string cut_short_;
};

class Filtered final : public FrameSource {
 public:
  Filtered(std::unique_ptr<FrameSource> source, std::string filter)
      : source_(std::move(source)), filter_(std::move(filter)) {
    Program(DLT_EN10MB, filter_, 262'144);  // so that a fault shows before the first frame
  }
  bool next(Frame& frame) override {
    while (source_->next(frame)) {
      auto& program = programs_[frame.link];
      if (!program) {
        const int link = frame.link == LinkType::raw ? DLT_RAW : static_cast<int>(frame.link);
        program = std::make_unique<Program>(link, filter_, 262'144);
      }
      pcap_pkthdr header{};
      header.caplen = static_cast<bpf_u_int32>(frame.bytes.size());
      header.len = frame.original_length;
      if (pcap_offline_filter(program->get(), &header,
                              reinterpret_cast<const u_char*>(frame.bytes.data())))
        return true;
    }
    return false;
  }
  const std::vector<Vantage>& vantages() const override { return source_->vantages(); }
  std::string cut_short() const override { return source_->cut_short(); }
  std::string application() const override { return source_->application(); }

 private:
  std::unique_ptr<FrameSource> source_;
  std::string filter_;
  std::map<LinkType, std::unique_ptr<Program>> programs_;  // offsets depend on the link layer
};

}  // namespace

std::unique_ptr<LiveSource> open_live(const LiveOptions& options) {
  return std::make_unique<PcapLive>(options);
}

std::vector<std::pair<std::string, std::string>> list_interfaces() {
  pcap_if_t* all = nullptr;
  char error[PCAP_ERRBUF_SIZE] = "";
  if (pcap_findalldevs(&all, error) < 0) throw Failure(exit_code::failed, error);
  std::vector<std::pair<std::string, std::string>> found;
  for (const pcap_if_t* one = all; one; one = one->next)
    found.emplace_back(one->name, one->description ? one->description : "");
  pcap_freealldevs(all);
  return found;
}

std::unique_ptr<FrameSource> filtered(std::unique_ptr<FrameSource> source,
                                      const std::string& filter) {
  return std::make_unique<Filtered>(std::move(source), filter);
}

}  // namespace tracer
