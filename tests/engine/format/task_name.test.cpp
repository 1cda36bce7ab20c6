#include "engine/format/task_name.h"

#include "engine/cli/task_id.h"
#include "tests/catch.h"

namespace unswept::engine {
namespace {

TEST_CASE("task name: the start is the sixth field, in hex", "[format]") {
  CHECK(task_start_time("UPID:pbs:0000A1B2:00C0FFEE:00000001:6553F100:verify:store:root@pam:") ==
        1'700'000'000);
  CHECK(task_start_time(make_task_id("verify", "store", 1'800'000'000, AuthId::root())) ==
        1'800'000'000);
}

TEST_CASE("task name: what is no task has no start", "[format]") {
  for (const char* text : {"", "UPID:", "UPID:a:b:c:d:", "UPID:a:b:c:d::e:f:g:",
                           "UPID:a:b:c:d:xyz:e:f:g:", "UPID:a:b:c:d:-1:e:f:g:",
                           "upid:a:b:c:d:6553F100:e:f:g:", "UPID:a:b:c:d:FFFFFFFFFFFFFFFFF:e"}) {
    INFO(text);
    CHECK_FALSE(task_start_time(text));
  }
}

}  // namespace
}  // namespace unswept::engine
