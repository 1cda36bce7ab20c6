// sim/call.h: a step that waits to be chosen.
//
// A call lives on the stack of the fiber that makes it.  run() may be made dry
// any number of times before it is made in earnest, once.
#pragma once

#include <string>
#include <utility>

#include "sim/call_values.h"
#include "sim/touch.h"

namespace unswept::sim {

class Call {
 public:
  enum class Waits : bool { never, perhaps };

  Call(model::OpCode code, ProcessId process, Waits waits = Waits::never)
      : code_(code), waits_(waits), process_(process) {}
  virtual ~Call() = default;
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  model::OpCode code() const { return code_; }
  ProcessId process() const { return process_; }
  bool always_ready() const { return waits_ == Waits::never; }
  virtual bool ready() const { return true; }
  virtual void run(Touch& touch) = 0;
  /// In place of run() when the caller is being unwound: it must look like a failure.
  virtual void cancel() {}
  /// After run(), dry or not.
  virtual os::Errno error() const { return {}; }
  /// Of what the caller got back.
  virtual std::uint64_t digest() const { return 0; }
  virtual std::string describe() const { return {}; }
  /// After run(): what repeat() needs.
  virtual void keep(Answers& answers) const { (void)answers; }
  /// In place of run() when the step was taken before: the caller gets what it got then, and
  /// nothing happens.
  virtual void repeat(Answers& answers) { (void)answers; }

 private:
  model::OpCode code_;
  Waits waits_;
  ProcessId process_;
};

/// A call made of two functions: Value run(Touch&), std::string describe().  What is to be known of
/// a Value stands in call_values.h.
template <class Value, class Run, class Describe>
class CallOf : public Call {
 public:
  CallOf(Op op, ProcessId process, Run run, Describe describe, Waits waits = Waits::never,
         Value value = {})
      : Call(sim::code(op), process, waits),
        run_(std::move(run)),
        describe_(std::move(describe)),
        value_(std::move(value)) {}

  Value& value() { return value_; }

  void run(Touch& touch) override { value_ = run_(touch); }
  void cancel() override { cancel_value(value_); }
  os::Errno error() const override { return error_of(value_); }
  std::uint64_t digest() const override { return digest_of(value_); }
  std::string describe() const override {
    std::string text = describe_();
    const std::string words = words_of(value_);
    if (!words.empty()) text += " = " + words;
    return text;
  }
  void keep(Answers& answers) const override { keep_value(answers, value_); }
  void repeat(Answers& answers) override { repeat_value(answers, value_); }

 private:
  Run run_;
  Describe describe_;
  Value value_;
};

/// The same for a call that may have to wait: bool ready().
template <class Value, class Ready, class Run, class Describe>
class WaitingCallOf final : public CallOf<Value, Run, Describe> {
 public:
  WaitingCallOf(Op op, ProcessId process, Ready ready, Run run, Describe describe)
      : CallOf<Value, Run, Describe>(op, process, std::move(run), std::move(describe),
                                     Call::Waits::perhaps),
        ready_(std::move(ready)) {}

  bool ready() const override { return ready_(); }

 private:
  Ready ready_;
};

}  // namespace unswept::sim
