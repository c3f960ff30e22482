// What is kept of a connection to cut its payload into messages.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "tracer/tracking/byte_stream.hpp"
#include "tracer/tracking/message.hpp"
#include "tracer/wire/ftp.hpp"
#include "tracer/wire/http.hpp"

namespace tracer {

/// An FTP data connection that the control connection announced.
struct FtpExpectation {
  std::uint64_t frame = 0;    // that announced it
  std::uint32_t control = 0;  // stream of the control connection
  bool passive = false;       // the server told it (PASV, EPSV)
};

/// One direction of a dialogue.
struct DialogueSide {
  ByteStream stream;
  std::optional<SeqNumber> fin;  // where its last byte ends
  bool finished = false;         // and all before that was delivered

  struct Http {
    enum class State : std::uint8_t { head, length, chunks, close, ignored };
    State state = State::head;
    std::uint64_t left = 0;
    HttpChunks chunks;
    bool takes_all = false;  // a body that runs on to the end of what is there
    std::string head;        // of the message whose body is still coming
    std::string shown;       // of the one that is complete now
  } http;
  struct Tls {
    bool begun = false;
    bool encrypted = false;                    // after ChangeCipherSpec
    std::vector<std::byte> handshake;          // a message that goes on in the next record
    std::deque<std::vector<std::byte>> whole;  // those completed now
  } tls;
};

/// The state of both directions, in the order of Conversation::ends.
struct Dialogue {
  Application application = Application::none;
  bool decided = false;     // and if the application is none: nobody wants the payload
  std::uint8_t client = 0;  // index of the side that asks
  DialogueSide sides[2];

  // HTTP
  bool http_seen = false;
  std::string request_method;  // of the latest request
  bool tunnel = false;         // after CONNECT: what follows is somebody else's
  // SMTP
  enum class Mail : std::uint8_t { commands, credentials, data, chunk } mail = Mail::commands;
  std::uint8_t credential_lines = 0;  // that AUTH will still ask for, each with a reply 334
  std::uint64_t chunk_left = 0;       // bytes of mail that a BDAT command announced (RFC 3030)
  bool line_begins = true;            // the next byte of mail begins a line
  bool starttls_asked = false;
  // FTP
  std::string command;       // the first after a data connection was announced, whole
  std::uint64_t set_up = 0;  // of a data connection
  std::uint32_t control = 0;
  std::optional<FtpDataEndpoint> announced;  // to be taken by Applications
  bool announced_passive = false;
  // TLS
  bool tls13 = false;
};

/// Where the cutters put what they find.
using Messages = std::vector<Message>;

/// What a cutter may know of the segment that brought the bytes.
struct Arrival {
  unsigned side;  // index of the sending end
  bool from_client;
  bool last;  // the FIN was reached: no more will come
};

// One function a protocol. Each reads whole messages from the side's stream and leaves the rest.
void cut_dns(Dialogue& dialogue, const Arrival& arrival, Messages& messages);
/// May a direction on an HTTP port begin with these bytes?
bool may_begin_http(Bytes bytes);
void cut_http(Dialogue& dialogue, const Arrival& arrival, Messages& messages);
void cut_tls(Dialogue& dialogue, const Arrival& arrival, Messages& messages);
void cut_ftp(Dialogue& dialogue, const Arrival& arrival, Messages& messages);
void cut_smtp(Dialogue& dialogue, const Arrival& arrival, Messages& messages);
void cut_resp(Dialogue& dialogue, const Arrival& arrival, Messages& messages);

}  // namespace tracer
