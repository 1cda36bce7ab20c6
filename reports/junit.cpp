#include "reports/junit.h"

#include <fmt/format.h>

#include "reports/console.h"

namespace unswept::reports {
namespace {

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        // XML 1.0 has no way to write other control characters.
        out += static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' ? '?' : c;
    }
  }
  return out;
}

std::string case_xml(const CaseResult& result) {
  std::string xml = fmt::format("  <testcase classname=\"{}\" name=\"{}\" time=\"{:.3f}\"",
                                escaped(result.scenario), escaped(result.protocol), result.seconds);
  if (result.as_expected) return xml + "/>\n";
  const std::string message =
      fmt::format("expected {}, found {}", result.expected, verdict_text(result));
  xml += fmt::format(">\n    <failure message=\"{}\">{}</failure>\n", escaped(message),
                     escaped(render_counterexample(result, {})));
  return xml + "  </testcase>\n";
}

}  // namespace

std::string render_junit(const Report& report) {
  std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  xml += fmt::format("<testsuite name=\"unswept\" tests=\"{}\" failures=\"{}\" time=\"{:.3f}\">\n",
                     report.cases.size(), report.unexpected(), report.seconds);
  for (const CaseResult& result : report.cases) xml += case_xml(result);
  return xml + "</testsuite>\n";
}

}  // namespace unswept::reports
