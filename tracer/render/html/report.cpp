#include "tracer/render/html/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "tracer/fields/dissector.hpp"
#include "tracer/render/documents.hpp"
#include "tracer/render/html/assets.hpp"
#include "tracer/render/html/packet_data.hpp"
#include "tracer/render/html/sections.hpp"
#include "tracer/render/html/sha256.hpp"
#include "tracer/render/svg_ladder.hpp"
#include "tracer/render/svg_text.hpp"
#include "tracer/render/svg_time_sequence.hpp"
#include "tracer/render/terminal_ladder.hpp"

namespace tracer {
namespace {

constexpr std::size_t undivided = 300, slice_rows = 200;  // rows of one drawing

/// Rows of one ladder that are drawn together.
struct View {
  std::size_t ladder, first, count;
};

std::string who(const Ladder& ladder, std::size_t lane) {
  return ladder.names[lane].empty() ? ladder.ends[lane].text() : ladder.names[lane];
}

class Page {
 public:
  explicit Page(const Report& report)
      : report_(report),
        style_(std::string(assets::page_css()) + std::string(svg_ladder_style()) +
               std::string(svg_plot_style())),
        script_(std::string(assets::detail_js()) + std::string(assets::report_js())) {
    for (std::size_t i = 0; i < report.ladders.size(); ++i)
      for (std::size_t first = 0; first < report.ladders[i].rows.size(); first += report_window)
        views_.push_back(
            {i, first, std::min(report_window, report.ladders[i].rows.size() - first)});
  }

  std::string write() {
    head();
    verdicts();
    out_ += "<main>\n";
    ladder();
    packet();
    each("plots", "Over time", has_streams, [&](const Ladder& one) { plots(one); });
    each(
        "states", "States", [&](const Ladder& one) { return one.protocol == 6; },
        [&](const Ladder& one) { append_states(out_, one); });
    each("streams", "Streams", has_streams,
         [&](const Ladder& one) { append_streams(out_, one, report_.frames); });
    explanation();
    data();
    provenance();
    out_ += "</main>\n";
    out_ += "<noscript><h2>Packets</h2>\n";
    for (const Ladder& one : report_.ladders) append_packet_table(out_, one, report_.style);
    out_ += "</noscript>\n";
    embedded();
    out_ += "<script type=\"module\">" + script_ + "</script>\n</body>\n</html>\n";
    return std::move(out_);
  }

 private:
  template <class... T>
  void put(fmt::format_string<T...> format, T&&... values) {
    fmt::format_to(std::back_inserter(out_), format, std::forward<T>(values)...);
  }

  void head() {
    put("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src "
        "'{}'; style-src '{}'; base-uri 'none'; form-action 'none'\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta "
        "name=\"color-scheme\" content=\"light dark\">\n"
        "<meta name=\"referrer\" content=\"no-referrer\">\n<title>{}</title>\n<style>",
        csp_hash(script_), csp_hash(style_), svg_text(printable(report_.title)));
    out_ += style_;
    out_ += "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#ladder\">To the ladder</a>\n";
  }

  void verdicts() {
    out_ +=
        "<header>\n<h1>" + svg_text(printable(report_.title)) + "</h1>\n<ul class=\"verdicts\">\n";
    std::vector<Verdict> all = report_.verdicts;
    if (!report_.ladders.empty()) {
      const auto more = ladder_verdicts(report_.ladders[0], report_.frames, report_.whole[0]);
      all.insert(all.end(), more.begin(), more.end());
    }
    for (const Verdict& one : all) {
      const char* tone = one.tone == Verdict::Tone::good  ? "good"
                         : one.tone == Verdict::Tone::bad ? "bad"
                                                          : "note";
      put("<li class=\"{}\">{}</li>\n", tone, linked(printable(one.text)));
    }
    out_ += "</ul>\n</header>\n";
  }

  void ladder() {
    out_ +=
        "<section id=\"ladder\" aria-labelledby=\"ladder-heading\">\n<h2 "
        "id=\"ladder-heading\">Ladder</h2>\n"
        "<nav id=\"views\" aria-label=\"Which packets\" hidden><label for=\"view\">Packets</label> "
        "<select id=\"view\"></select> "
        "<button type=\"button\" id=\"view-back\">Earlier</button> <button type=\"button\" "
        "id=\"view-on\">Later</button></nav>\n"
        "<p class=\"keys\">Click an arrow to take its packet apart. Keys: <kbd>↓</kbd> "
        "<kbd>↑</kbd> next and previous packet, <kbd>Enter</kbd> into its fields, <kbd>Esc</kbd> "
        "back.</p>\n"
        "<div id=\"ladder-view\" class=\"scroll\" tabindex=\"0\" role=\"group\" "
        "aria-label=\"Ladder diagram\">\n";
    if (views_.empty())
      out_ += "<p>No packet.</p>\n";
    else
      drawings(views_[0]);
    out_ += "</div>\n</section>\n";
  }

  /// A view as drawings one below the other. Only those on the screen cost the browser anything
  /// (content-visibility), which it can do for a drawing but not for a part of one.
  void drawings(const View& view) {
    const Ladder& whole = report_.ladders[view.ladder];
    Ladder part = whole;
    const std::size_t end = view.first + view.count,
                      slice = view.count <= undivided ? view.count : slice_rows;
    for (std::size_t first = view.first; first < end; first += slice) {
      const auto begin = whole.rows.begin() + static_cast<std::ptrdiff_t>(first);
      part.rows.assign(begin, begin + static_cast<std::ptrdiff_t>(std::min(slice, end - first)));
      SvgOptions options;
      options.style = report_.style;
      options.alone = false;
      options.id_prefix = fmt::format("s{}-", part.rows.front().number);
      out_ += "<div class=\"slice\">\n";
      append_svg_ladder(out_, part, options);
      out_ += "</div>\n";
    }
  }

  static bool has_streams(const Ladder& ladder) {
    return ladder.protocol == 6 || ladder.protocol == 17;
  }

  void plots(const Ladder& ladder) {
    SvgOptions options;
    options.style = report_.style;
    options.alone = false;
    options.id_prefix = fmt::format("t{}-", ladder.rows.front().number);
    out_ +=
        "<div class=\"scroll slice\" tabindex=\"0\" role=\"group\" aria-label=\"Plots over "
        "time\">\n";
    append_svg_time_sequence(out_, ladder, options);
    out_ += "</div>\n";
  }

  void packet() {
    out_ +=
        "<section id=\"packet\" aria-labelledby=\"packet-heading\" hidden>\n<h2 "
        "id=\"packet-heading\">Packet <span id=\"packet-number\"></span></h2>\n<button "
        "type=\"button\" id=\"packet-close\">Close</button>\n"
        "<p id=\"packet-text\" aria-live=\"polite\"></p>\n<p id=\"sightings\"></p>\n<div "
        "class=\"detail\">\n"
        "<div id=\"tree\" role=\"tree\" aria-label=\"Fields, layer by layer\"></div>\n"
        "<div id=\"bytes\"><p id=\"byte-text\" aria-live=\"polite\">Point at a field or a "
        "byte.</p>\n<div id=\"hex\" tabindex=\"0\" role=\"group\" aria-label=\"Bytes of the frame; "
        "arrow keys move\"></div>\n"
        "<p id=\"byte-pages\" hidden><button type=\"button\" id=\"bytes-back\">Earlier "
        "bytes</button> <button type=\"button\" id=\"bytes-on\">Later "
        "bytes</button></p></div>\n</div>\n</section>\n";
  }

  /// A section with a part for each ladder that has one.
  template <class Has, class Write>
  void each(const char* id, const char* heading, const Has& has, const Write& write) {
    if (std::ranges::none_of(report_.ladders, has)) return;
    put("<section id=\"{0}\" aria-labelledby=\"{0}-heading\">\n<h2 id=\"{0}-heading\">{1}</h2>\n",
        id, heading);
    for (std::size_t i = 0; i < report_.ladders.size(); ++i) {
      put("<div class=\"conversation\" data-c=\"{}\">\n", i);
      if (report_.ladders.size() > 1)
        put("<p class=\"aside\">{} and {}</p>\n", svg_text(printable(who(report_.ladders[i], 0))),
            svg_text(printable(who(report_.ladders[i], 1))));
      if (has(report_.ladders[i])) write(report_.ladders[i]);
      out_ += "</div>\n";
    }
    out_ += "</section>\n";
  }

  void explanation() {
    const auto told = [&](const Ladder& one) {
      return report_.whole[static_cast<std::size_t>(&one - report_.ladders.data())];
    };
    each("explanation", "What happened", told,
         [&](const Ladder& one) { append_explanation(out_, one, report_.frames); });
  }

  void data() {
    out_ +=
        "<section id=\"data\" aria-labelledby=\"data-heading\">\n<h2 "
        "id=\"data-heading\">Data</h2>\n<p>This file holds the capture itself. Save it as:</p>\n"
        "<p class=\"downloads\"><button type=\"button\" data-save=\"capture\">pcapng, for "
        "Wireshark</button> "
        "<button type=\"button\" data-save=\"json\">JSON, a line a packet</button> <button "
        "type=\"button\" data-save=\"svg\">SVG of the ladder</button> "
        "<button type=\"button\" data-save=\"mermaid\">Mermaid, for a Markdown "
        "file</button></p>\n</section>\n";
  }

  void provenance() {
    out_ +=
        "<section id=\"provenance\" aria-labelledby=\"provenance-heading\">\n<h2 "
        "id=\"provenance-heading\">Where this comes from</h2>\n<dl>\n";
    for (const auto& [key, value] : report_.provenance)
      put("<div><dt>{}</dt><dd><code>{}</code></dd></div>\n", svg_text(key), lines(value));
    out_ += "</dl>\n</section>\n";
  }

  /// Text whose line ends stay.
  static std::string lines(std::string_view text) {
    std::string out;
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      out += svg_text(printable(text.substr(0, end)));
      text.remove_prefix(end);
      if (text.empty()) break;
      text.remove_prefix(1);
      if (!text.empty()) out += '\n';
    }
    return out;
  }

  void embedded() {
    for (std::size_t i = 1; i < views_.size(); ++i) {
      put("<script type=\"application/xhtml+xml\" id=\"view-{}\"><div "
          "xmlns=\"http://www.w3.org/1999/xhtml\">",
          i);
      drawings(views_[i]);
      out_ += "</div></script>\n";
    }
    if (!report_.ladders.empty()) {
      out_ += "<script type=\"application/json\" id=\"save-mermaid\" data-name=\"ladder.mmd\">";
      append_script_text(out_, mermaid(report_.ladders[0], report_.style));
      out_ += "</script>\n";
    }
    FieldData fields;
    const std::vector<std::string> by_frame = dissect_all(fields);
    out_ += "<script type=\"application/x-ndjson\" id=\"packets\">";
    for (std::size_t i = 0; i < views_.size(); ++i) {
      const Ladder& one = report_.ladders[views_[i].ladder];
      for (std::size_t k = 0; k < views_[i].count; ++k) {
        const Row& row = one.rows[views_[i].first + k];
        append_packet_data(out_, one, row, i, sightings(one, row, by_frame), report_.style);
      }
    }
    out_ += "</script>\n<script type=\"application/json\" id=\"about\">{\"version\":1,\"name\":";
    append_script_string(out_, report_.title);
    out_ += ",\"views\":[";
    for (std::size_t i = 0; i < views_.size(); ++i) {
      const Ladder& one = report_.ladders[views_[i].ladder];
      put("{}{{\"c\":{},\"first\":{},\"last\":{},\"title\":", i ? "," : "", views_[i].ladder,
          one.rows[views_[i].first].number, one.rows[views_[i].first + views_[i].count - 1].number);
      append_script_string(out_, who(one, 0) + " and " + who(one, 1));
      out_ += ",\"ends\":[";
      append_script_string(out_, who(one, 0));
      out_ += ',';
      append_script_string(out_, who(one, 1));
      out_ += "]}";
    }
    out_ += "],\"fields\":" + fields.names() +
            "}</script>\n<script type=\"text/plain\" id=\"capture\">";
    append_base64(out_, report_.capture);
    out_ += "</script>\n";
  }

  /// The fields of every frame that a row shows; empty for the others, which are followed all the same.
  std::vector<std::string> dissect_all(FieldData& fields) const {
    std::vector<bool> shown(report_.frames.size());
    for (const Ladder& one : report_.ladders)
      for (const Row& row : one.rows)
        for (const std::uint32_t frame : {row.departure, row.arrival})
          if (frame < shown.size()) shown[frame] = true;
    std::vector<std::string> found(report_.frames.size());
    std::map<std::uint32_t, Dissector> dissectors;  // by vantage point
    for (std::size_t i = 0; i < found.size(); ++i) {
      const Frame& frame = report_.frames[i];
      const FieldSink& sink = dissectors[frame.vantage].fields(frame, i + 1);
      if (shown[i]) found[i] = fields.of(sink, frame.bytes);
    }
    return found;
  }

  /// As it left; and as it arrived, if it was changed on the way.
  std::vector<PacketSighting> sightings(const Ladder& ladder, const Row& row,
                                        const std::vector<std::string>& fields) const {
    std::vector<PacketSighting> list;
    const auto add = [&](std::uint32_t frame, const char* how, std::size_t lane) {
      list.push_back({ladder.two_ended ? fmt::format("as it {} {}", how, who(ladder, lane))
                                       : "as it was captured",
                      report_.blocks[frame], &report_.frames[frame], &fields[frame]});
    };
    if (row.departure != Passage::none) add(row.departure, "left", row.from);
    const bool changed =
        row.departure != Passage::none && row.arrival != Passage::none &&
        !std::ranges::equal(report_.frames[row.departure].bytes, report_.frames[row.arrival].bytes);
    if (row.arrival != Passage::none && (changed || row.departure == Passage::none))
      add(row.arrival, "reached", 1u - row.from);
    return list;
  }

  const Report& report_;
  const std::string style_, script_;
  std::vector<View> views_;
  std::string out_;
};

}  // namespace

std::string html_report(const Report& report) { return Page(report).write(); }

}  // namespace tracer
