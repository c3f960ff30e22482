// Fields of FTP, SMTP and RESP.
#pragma once

#define TRACER_TEXT_FIELDS(X)                                                                      \
  X(ftp, "ftp", protocol, "File Transfer Protocol, control connection (RFC 959)")                  \
  X(ftp_response, "ftp.response", boolean, "A reply")                                              \
  X(ftp_response_code, "ftp.response.code", number,                                                \
    "Three digits: 2xx done, 3xx go on, 4xx and 5xx failed")                                       \
  X(ftp_response_arg, "ftp.response.arg", text, "What the reply says")                             \
  X(ftp_request, "ftp.request", boolean, "A command")                                              \
  X(ftp_request_command, "ftp.request.command", text, "The command as typed")                      \
  X(ftp_request_arg, "ftp.request.arg", text, "What follows it")                                   \
  X(ftp_passive_ip, "ftp.passive.ip", ipv4, "PASV: where the server listens for data")             \
  X(ftp_passive_port, "ftp.passive.port", number, "PASV: its port")                                \
  X(ftp_active_cip, "ftp.active.cip", ipv4, "PORT: where the client listens for data")             \
  X(ftp_active_port, "ftp.active.port", number, "PORT: its port")                                  \
  X(ftp_epsv_port, "ftp.epsv.port", number, "EPSV: port where the server listens for data")        \
  X(ftp_eprt_port, "ftp.eprt.port", number, "EPRT: port where the client listens for data")        \
  X(ftp_data, "ftp-data", protocol, "File Transfer Protocol, data connection")                     \
  X(ftp_data_command, "ftp-data.command", text, "The command that the data belongs to")            \
  X(ftp_data_setup_frame, "ftp-data.setup-frame", number,                                          \
    "The frame that announced the connection")                                                     \
  X(smtp, "smtp", protocol, "Simple Mail Transfer Protocol (RFC 5321)")                            \
  X(smtp_rsp, "smtp.rsp", boolean, "A reply")                                                      \
  X(smtp_response, "smtp.response", text, "First line of a reply")                                 \
  X(smtp_response_code, "smtp.response.code", number, "Three digits: 250 done, 354 send the mail") \
  X(smtp_rsp_parameter, "smtp.rsp.parameter", text, "What a line of the reply says")               \
  X(smtp_req, "smtp.req", boolean, "A command, or mail")                                           \
  X(smtp_command_line, "smtp.command_line", text, "The whole command")                             \
  X(smtp_req_command, "smtp.req.command", text, "First four characters of the command, as typed")  \
  X(smtp_req_parameter, "smtp.req.parameter", text, "What follows them")                           \
  X(resp, "resp", protocol, "Redis Serialization Protocol")                                        \
  X(resp_string, "resp.string", text, "A simple string")                                           \
  X(resp_error, "resp.error", text, "An error")                                                    \
  X(resp_integer, "resp.integer", signed_number, "An integer")                                     \
  X(resp_bulk_string, "resp.bulk_string", presence, "A bulk string")                               \
  X(resp_bulk_string_length, "resp.bulk_string.length", signed_number,                             \
    "Bytes of a bulk string, -1 for none")                                                         \
  X(resp_bulk_string_value, "resp.bulk_string.value", bytes, "A bulk string")                      \
  X(resp_array, "resp.array", presence, "An array")                                                \
  X(resp_array_length, "resp.array.length", signed_number, "Elements of an array")
