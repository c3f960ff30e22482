// FTP, SMTP and RESP.
#include <charconv>

#include "tracer/fields/dissect.hpp"
#include "tracer/wire/ftp.hpp"
#include "tracer/wire/resp.hpp"
#include "tracer/wire/smtp.hpp"

namespace tracer {
namespace {

std::uint64_t number(Bytes digits) {
  std::uint64_t value = 0;
  const std::string_view text = as_text(digits);
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

void endpoint(Field address, Field port, const std::optional<FtpDataEndpoint>& end, Bytes where,
              FieldSink& sink) {
  if (!end) return;
  if (end->address && !end->address->is_v6())
    sink.add_address(address, end->address->octets(), where);
  sink.add(port, end->port, where);
}

void ftp_command(Bytes line, FieldSink& sink) {
  const FtpCommand command = FtpCommand::parse(line);
  sink.add(Field::ftp_response, 0, line);
  sink.add(Field::ftp_request, 1, line);
  if (!command.command.empty()) sink.add_ascii(Field::ftp_request_command, command.command);
  if (!command.argument.empty()) sink.add_ascii(Field::ftp_request_arg, command.argument);
  const std::string_view word = as_text(command.command);
  if (same_word(word, "PORT"))
    endpoint(Field::ftp_active_cip, Field::ftp_active_port, ftp_six_numbers(command.argument),
             command.argument, sink);
  if (same_word(word, "EPRT"))
    if (const auto end = ftp_extended(command.argument))
      sink.add(Field::ftp_eprt_port, end->port, command.argument);
}

void ftp_reply(Bytes line, FieldSink& sink) {
  const FtpReply reply = FtpReply::parse(line);
  sink.add(Field::ftp_response, 1, line);
  sink.add(Field::ftp_request, 0, line);
  if (!reply.code.empty()) sink.add(Field::ftp_response_code, number(reply.code), reply.code);
  if (!reply.text.empty()) sink.add_ascii(Field::ftp_response_arg, reply.text);
  const std::string_view code = as_text(reply.code);
  if (code == "227")
    endpoint(Field::ftp_passive_ip, Field::ftp_passive_port, ftp_six_numbers(reply.text),
             reply.text, sink);
  if (code == "229")
    if (const auto end = ftp_extended(reply.text))
      sink.add(Field::ftp_epsv_port, end->port, reply.text);
}

}  // namespace

void ftp_fields(const Message& message, FieldSink& sink) {
  if (message.application == Application::ftp_data) {
    sink.add(Field::ftp_data, 1, message.bytes);
    if (!message.note.empty()) sink.add_text(Field::ftp_data_command, message.note);
    if (message.set_up) sink.add(Field::ftp_data_setup_frame, message.set_up);
    return;
  }
  if (!sink.wants_any(Field::ftp, Field::ftp_eprt_port)) return;
  sink.add_layer(Field::ftp, message.bytes, message.bytes);
  const auto line = first_line(message.bytes);
  if (!line) return;
  if (message.from_client)
    ftp_command(line->text, sink);
  else
    ftp_reply(line->text, sink);
}

void smtp_fields(const Message& message, bool first, FieldSink& sink) {
  if (!sink.wants_any(Field::smtp, Field::smtp_req_parameter)) return;
  sink.add_layer(Field::smtp, message.bytes, message.bytes);
  Bytes rest = message.bytes;
  if (message.part == Part::command) {
    const auto line = first_line(rest);
    if (!line) return;
    const SmtpCommand command = SmtpCommand::parse(line->text);
    if (first) sink.add(Field::smtp_req, 1, rest);
    sink.add_ascii(Field::smtp_command_line, rest);
    sink.add_ascii(Field::smtp_req_command, command.command);
    if (!command.parameter.empty()) sink.add_ascii(Field::smtp_req_parameter, command.parameter);
    return;
  }
  if (message.part != Part::reply) return;
  if (first) sink.add(Field::smtp_rsp, 1, rest);
  bool opening = true;
  while (const auto line = first_line(rest)) {
    rest = rest.subspan(line->whole.size());
    const SmtpReply reply = SmtpReply::parse(line->text);
    if (opening) {
      sink.add_ascii(Field::smtp_response, line->whole);
      if (!reply.code.empty()) sink.add(Field::smtp_response_code, number(reply.code), reply.code);
    }
    if (!reply.code.empty() && !reply.text.empty())
      sink.add_ascii(Field::smtp_rsp_parameter, reply.text);
    opening = false;
  }
}

void resp_fields(const Message& message, FieldSink& sink) {
  if (!sink.wants_any(Field::resp, Field::resp_array_length)) return;
  sink.add_layer(Field::resp, message.bytes, message.bytes);
  Bytes rest = message.bytes;
  RespFault fault{};
  while (const auto element = resp_element(rest, fault)) {
    rest = rest.subspan(element->whole.size());
    const auto signed_value = static_cast<std::uint64_t>(element->number);
    switch (element->kind) {
      case '+': sink.add_ascii(Field::resp_string, element->value); break;
      case '-': sink.add_ascii(Field::resp_error, element->value); break;
      case ':': sink.add(Field::resp_integer, signed_value, element->value); break;
      case '$':
        sink.add(Field::resp_bulk_string, 1, element->whole);
        sink.add(Field::resp_bulk_string_length, signed_value, element->whole);
        if (element->number >= 0) sink.add_bytes(Field::resp_bulk_string_value, element->value);
        break;
      case '*':
        sink.add(Field::resp_array, 1, element->whole);
        sink.add(Field::resp_array_length, signed_value, element->whole);
        break;
      default: break;
    }
  }
}

}  // namespace tracer
