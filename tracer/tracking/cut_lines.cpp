// FTP control connections and SMTP: protocols of lines.
#include <algorithm>
#include <charconv>

#include "tracer/tracking/dialogue.hpp"
#include "tracer/wire/smtp.hpp"

namespace tracer {
namespace {

constexpr std::size_t longest_line = 65'536;

void upgrade(Dialogue& dialogue) { dialogue.application = Application::tls; }

class SmtpCutter {
 public:
  SmtpCutter(Dialogue& dialogue, const Arrival& arrival, Messages& messages)
      : dialogue_(dialogue),
        stream_(dialogue.sides[arrival.side].stream),
        arrival_(arrival),
        messages_(messages) {}

  void run() {
    const Bytes bytes = stream_.unread();
    if (bytes.empty()) return;
    const bool counted = arrival_.from_client && dialogue_.mail == Mail::chunk;
    if (!counted && as_text(bytes).find('\n') == std::string_view::npos) {
      if (bytes.size() > longest_line) stream_.give_up();
      return;
    }
    stream_.read(bytes.size());
    if (counted)
      chunk(bytes, bytes.size());
    else if (arrival_.from_client)
      client(bytes);
    else
      server(bytes);
  }

 private:
  using Mail = Dialogue::Mail;

  void client(Bytes bytes) {
    constexpr std::size_t shortest_command = 4;
    const std::size_t before = messages_.size();
    Bytes rest = bytes;
    while (const auto line = first_line(rest)) {
      rest = rest.subspan(line->whole.size());
      const bool alone = line->whole.size() == bytes.size();
      if (dialogue_.mail == Mail::commands && alone && line->text.size() < shortest_command) {
        emit(Part::body, bytes);
      } else if (dialogue_.mail == Mail::data) {
        if (dialogue_.line_begins && as_text(line->text) == "." && line->ended) {
          // The end of the mail speaks for all that came with it.
          dialogue_.mail = Mail::commands;
          messages_.resize(before);
          emit(Part::body, bytes);
          return;
        }
        dialogue_.line_begins = line->ended;
        if (rest.empty()) emit(Part::body, bytes);
      } else if (dialogue_.mail == Mail::credentials) {
        dialogue_.mail = Mail::commands;
      } else if (starts_with_word(as_text(line->text), "BDAT")) {
        chunk_begins(*line);
        if (rest.empty()) return emit(Part::command, line->whole);
        messages_.resize(before);
        return chunk(bytes, rest.size());
      } else {
        command(*line);
      }
    }
  }

  void command(const TextLine& line) {
    const std::string_view text = as_text(line.text);
    if (text.empty()) return;
    emit(Part::command, line.whole);
    if (starts_with_word(text, "DATA")) {
      dialogue_.mail = Mail::data;
      dialogue_.line_begins = true;
    } else if (starts_with_word(text, "STARTTLS")) {
      dialogue_.starttls_asked = true;
    } else if (starts_with_word(text, "AUTH LOGIN")) {
      // The name may come with the command.
      dialogue_.credential_lines = text.size() > 11 ? 1 : 2;
    } else if (same_word(text, "AUTH PLAIN")) {
      dialogue_.credential_lines = 1;
    }
  }

  /// BDAT announces bytes of mail, not lines (RFC 3030 §2).
  void chunk_begins(const TextLine& line) {
    const std::string_view text = as_text(line.text);
    std::uint64_t size = 0;
    if (text.size() > 5) std::from_chars(text.data() + 5, text.data() + text.size(), size);
    dialogue_.chunk_left = size;
    dialogue_.mail = size > 0 ? Mail::chunk : Mail::commands;
  }
  /// Of `bytes`, the last `mail` belong to the chunk; what came along with its end is not looked at.
  void chunk(Bytes bytes, std::size_t mail) {
    dialogue_.chunk_left -= std::min<std::uint64_t>(mail, dialogue_.chunk_left);
    if (dialogue_.chunk_left == 0) dialogue_.mail = Mail::commands;
    emit(Part::body, bytes);
  }

  /// A reply may have several lines, all but the last with a dash after the code.
  void server(Bytes bytes) {
    Bytes rest = bytes;
    Bytes group = rest.first(0);
    while (const auto line = first_line(rest)) {
      const SmtpReply reply = SmtpReply::parse(line->text);
      if (group.empty()) {
        if (reply.code.empty()) {
          rest = rest.subspan(line->whole.size());
          continue;
        }
        group = rest.first(0);
      }
      group = Bytes(group.data(), group.size() + line->whole.size());
      rest = rest.subspan(line->whole.size());
      if (!reply.last && !rest.empty()) continue;
      replied(group);
      group = rest.first(0);
    }
  }

  void replied(Bytes group) {
    emit(Part::reply, group);
    if (dialogue_.credential_lines > 0 && as_text(group).starts_with("334")) {
      --dialogue_.credential_lines;
      dialogue_.mail = Mail::credentials;
    }
    if (!dialogue_.starttls_asked) return;
    dialogue_.starttls_asked = false;
    if (as_text(group).starts_with("220")) upgrade(dialogue_);
  }

  void emit(Part part, Bytes bytes) {
    messages_.push_back({Application::smtp, part, arrival_.from_client, bytes, {}, 0, false});
  }

  Dialogue& dialogue_;
  ByteStream& stream_;
  const Arrival& arrival_;
  Messages& messages_;
};

}  // namespace

void cut_smtp(Dialogue& dialogue, const Arrival& arrival, Messages& messages) {
  SmtpCutter(dialogue, arrival, messages).run();
}

void cut_ftp(Dialogue& dialogue, const Arrival& arrival, Messages& messages) {
  ByteStream& stream = dialogue.sides[arrival.side].stream;
  const Bytes bytes = stream.unread();
  const auto line = first_line(bytes);
  if (!line) return;
  // Of a segment only the first line is looked at.
  stream.read(bytes.size());
  messages.push_back(
      {Application::ftp, Part::whole, arrival.from_client, line->whole, {}, 0, false});
  dialogue.announced_passive = !arrival.from_client;
  if (arrival.from_client) {
    const FtpCommand command = FtpCommand::parse(line->text);
    const std::string_view word = as_text(command.command);
    if (same_word(word, "PORT"))
      dialogue.announced = ftp_six_numbers(command.argument);
    else if (same_word(word, "EPRT"))
      dialogue.announced = ftp_extended(command.argument);
    dialogue.starttls_asked = same_word(word, "AUTH");
    if (dialogue.announced)
      dialogue.command.clear();
    else if (dialogue.command.empty())
      dialogue.command.assign(as_text(line->text).substr(0, 256));
    return;
  }
  const FtpReply reply = FtpReply::parse(line->text);
  const std::string_view code = as_text(reply.code);
  if (code == "227" || code == "229") dialogue.command.clear();
  if (code == "227")
    dialogue.announced = ftp_six_numbers(reply.text);
  else if (code == "229")
    dialogue.announced = ftp_extended(reply.text);
  else if (code == "234" && dialogue.starttls_asked)
    upgrade(dialogue);
}

}  // namespace tracer
