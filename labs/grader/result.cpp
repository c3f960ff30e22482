#include "labs/grader/result.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tracer/bytes/failure.hpp"

namespace grader {

using Json = nlohmann::ordered_json;

const char* name(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass: return "pass";
    case Verdict::fail: return "fail";
    case Verdict::inconclusive: break;
  }
  return "inconclusive";
}

Verdict worse(Verdict a, Verdict b) {
  for (const Verdict one : {Verdict::fail, Verdict::inconclusive})
    if (a == one || b == one) return one;
  return Verdict::pass;
}

int exit_code(Verdict verdict) {
  return verdict == Verdict::pass ? 0 : verdict == Verdict::fail ? 1 : 2;
}

unsigned RunRecord::points() const {
  unsigned sum = 0;
  for (const RuleResult& rule : rules) sum += rule.points;
  return sum;
}

unsigned RunRecord::earned() const {
  unsigned sum = 0;
  for (const RuleResult& rule : rules) sum += rule.earned();
  return sum;
}

namespace {

Json rule_json(const RuleResult& rule) {
  return {{"id", rule.id},           {"verdict", name(rule.verdict)}, {"points", rule.points},
          {"earned", rule.earned()}, {"hidden", rule.hidden},         {"wanted", rule.wanted},
          {"seen", rule.seen},       {"packets", rule.packets},       {"ladder", rule.ladder},
          {"why", rule.why},         {"reason", rule.reason},         {"repair", rule.repair},
          {"note", rule.note}};
}

Json program_json(const ProgramRecord& program) {
  Json json{
      {"host", program.host}, {"command", program.command}, {"under_test", program.under_test}};
  json["status"] = program.status ? Json(*program.status) : Json();
  json["signal"] = program.signal ? Json(*program.signal) : Json();
  json.update({{"stopped", program.stopped},
               {"timed_out", program.timed_out},
               {"ignored_sigterm", program.ignored_sigterm},
               {"hangs_in", program.hangs_in},
               {"limit", program.limit},
               {"sanitizer", program.sanitizer},
               {"output", program.output}});
  return json;
}

Verdict verdict_of(const std::string& text) {
  for (const Verdict one : {Verdict::pass, Verdict::fail, Verdict::inconclusive})
    if (text == name(one)) return one;
  throw tracer::Failure(tracer::exit_code::failed,
                        "not a result record: no verdict is called '" + text + "'");
}

RuleResult rule_from(const Json& json) {
  RuleResult rule;
  rule.id = json.at("id");
  rule.verdict = verdict_of(json.at("verdict"));
  rule.points = json.at("points");
  rule.hidden = json.at("hidden");
  rule.wanted = json.at("wanted");
  rule.seen = json.at("seen");
  rule.packets = json.at("packets").get<std::vector<std::uint32_t>>();
  rule.ladder = json.at("ladder");
  rule.why = json.at("why");
  rule.reason = json.at("reason");
  rule.repair = json.at("repair");
  rule.note = json.value("note", "");  // younger than the others
  return rule;
}

ProgramRecord program_from(const Json& json) {
  ProgramRecord program;
  program.host = json.at("host");
  program.command = json.at("command");
  program.under_test = json.at("under_test");
  if (!json.at("status").is_null()) program.status = json.at("status").get<int>();
  if (!json.at("signal").is_null()) program.signal = json.at("signal").get<int>();
  program.stopped = json.at("stopped");
  program.timed_out = json.at("timed_out");
  program.ignored_sigterm = json.value("ignored_sigterm", false);
  program.hangs_in = json.at("hangs_in");
  program.limit = json.at("limit");
  program.sanitizer = json.at("sanitizer");
  program.output = json.at("output");
  return program;
}

}  // namespace

Json to_json(const RunRecord& record) {
  Json json{{"version", RunRecord::version},
            {"wirelab", record.wirelab},
            {"lab", record.lab},
            {"exercise", record.exercise},
            {"scenario", record.scenario},
            {"seed", record.seed},
            {"wire", record.wire},
            {"submission", record.submission},
            {"started", record.started},
            {"seconds", record.seconds},
            {"verdict", name(record.verdict)},
            {"because", record.because},
            {"points", record.points()},
            {"earned", record.earned()},
            {"command", record.command},
            {"hint_command", record.hint_command},
            {"trace", record.trace}};
  for (const char* list : {"rules", "steps", "programs"}) json[list] = Json::array();
  for (const RuleResult& rule : record.rules) json["rules"].push_back(rule_json(rule));
  for (const Step& step : record.steps)
    json["steps"].push_back({{"text", step.text}, {"packet", step.packet}});
  for (const ProgramRecord& program : record.programs)
    json["programs"].push_back(program_json(program));
  return json;
}

RunRecord record_from_json(const Json& json) {
  try {
    if (json.at("version") != RunRecord::version)
      throw tracer::Failure(tracer::exit_code::failed,
                            "a result record of another version: " + json.at("version").dump(),
                            "use the wirelab that wrote it");
    RunRecord record;
    record.wirelab = json.at("wirelab");
    record.lab = json.at("lab");
    record.exercise = json.at("exercise");
    record.scenario = json.at("scenario");
    record.seed = json.at("seed");
    record.wire = json.at("wire");
    record.submission = json.at("submission");
    record.started = json.at("started");
    record.seconds = json.at("seconds");
    record.verdict = verdict_of(json.at("verdict"));
    record.because = json.at("because");
    record.command = json.at("command");
    record.hint_command = json.at("hint_command");
    record.trace = json.at("trace");
    for (const Json& rule : json.at("rules")) record.rules.push_back(rule_from(rule));
    for (const Json& step : json.at("steps"))
      record.steps.push_back({step.at("text"), step.at("packet")});
    for (const Json& program : json.at("programs"))
      record.programs.push_back(program_from(program));
    return record;
  } catch (const nlohmann::json::exception& error) {
    throw tracer::Failure(tracer::exit_code::failed,
                          std::string("not a result record: ") + error.what());
  }
}

}  // namespace grader
