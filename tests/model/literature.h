// tests/model/literature.h: the programs that papers on partial-order reduction measure.
//
// One access is one step, a failed compare-and-swap is a read, lock acquisitions
// of one mutex conflict.  Where the original has a main thread that starts the
// others and waits for them, all actors simply run from the start: that changes no
// count.
#pragma once

#include <cstdint>

#include "tests/model/toy_program.h"

namespace unswept::tests {

/// One writes x; n read x.
inline ToyText readers(std::int32_t n) {
  ToyText text;
  text.actors.push_back({{Op::store, 0, 1}});
  for (std::int32_t i = 0; i < n; ++i) text.actors.push_back({{Op::load, 0, 0}});
  return text;
}

/// a[0..n] = 0; writer j: a[j] = a[j-1] + 1; a reader looks for the last zero.
inline ToyText lastzero(std::int32_t n) {
  ToyText text;
  text.variables = static_cast<std::size_t>(n + 1);
  text.actors.push_back({{Op::set_sum, 0, 5, n},    // i = n (register 5 stays 0)
                         {Op::load_slot, 1, 0, 0},  // while a[i] != 0
                         {Op::jump_if, 5, 1, 0},    // (5: the end)
                         {Op::set_sum, 0, 0, -1},   // i = i - 1
                         {Op::jump, 1}});
  for (std::int32_t j = 1; j <= n; ++j)
    text.actors.push_back({{Op::load, 0, j - 1}, {Op::store_sum, j, 0, 1}});
  return text;
}

/// n threads insert four values each into a hash table of 128 slots.
inline ToyText indexer(std::int32_t n) {
  ToyText text;
  text.variables = 128;
  for (std::int32_t t = 0; t < n; ++t) {
    std::vector<Instruction> actor;
    for (std::int32_t m = 1; m <= 4; ++m) {
      const std::int32_t w = 11 * m + t;
      actor.push_back({Op::set_sum, 0, 5, 7 * w % 128});
      const auto loop = static_cast<std::int32_t>(actor.size());
      actor.push_back({Op::swap_slot, 1, 0, w});
      actor.push_back({Op::jump_if, loop + 5, 1, 1});
      actor.push_back({Op::set_sum, 0, 0, 1});
      actor.push_back({Op::set_modulo, 0, 128});
      actor.push_back({Op::jump, loop});
    }
    text.actors.push_back(std::move(actor));
  }
  return text;
}

/// n threads each find an inode a free block: 32 inodes and 26 blocks with a mutex each.
inline ToyText filesystem(std::int32_t n) {
  constexpr std::int32_t kInodes = 32;
  constexpr std::int32_t kBlocks = 26;
  ToyText text;
  text.variables = kInodes + kBlocks;  // inode[], then busy[]
  text.locks = kInodes + kBlocks;
  for (std::int32_t t = 0; t < n; ++t) {
    const std::int32_t i = t % kInodes;
    text.actors.push_back({
        {Op::lock, i},                         //  0
        {Op::load, 0, i},                      //  1
        {Op::jump_unless, 14, 0, 0},           //  2  if inode[i] != 0: done
        {Op::set_sum, 1, 5, 2 * i % kBlocks},  //  3  b
        {Op::lock_slot, 1, 0, kInodes},        //  4  loop
        {Op::load_slot, 2, 1, kInodes},        //  5
        {Op::jump_unless, 11, 2, 0},           //  6  if busy[b]: next
        {Op::store_slot, 1, 1, kInodes},       //  7
        {Op::store_sum, i, 1, 1},              //  8  inode[i] = b + 1
        {Op::unlock_slot, 1, 0, kInodes},      //  9
        {Op::jump, 14},                        // 10
        {Op::unlock_slot, 1, 0, kInodes},      // 11
        {Op::set_sum, 1, 1, 1},                // 12  b = (b + 1) mod 26, see below
        {Op::jump, 16},                        // 13
        {Op::unlock, i},                       // 14
        {Op::jump, 18},                        // 15
        {Op::set_modulo, 1, kBlocks},          // 16
        {Op::jump, 4},                         // 17
    });
  }
  return text;
}

/// Two threads, n times each: i = i + j and j = j + i.
inline ToyText fib(std::int32_t n) {
  ToyText text;
  text.variables = 2;
  text.initial = {1, 1};
  const auto half = [&](std::int32_t mine, std::int32_t other) {
    std::vector<Instruction> actor;
    for (std::int32_t k = 0; k < n; ++k) {
      actor.push_back({Op::load, 0, mine});
      actor.push_back({Op::load, 1, other});
      actor.push_back({Op::add, 0, 1});
      actor.push_back({Op::store_sum, mine, 0});
    }
    text.actors.push_back(std::move(actor));
  };
  half(0, 1);
  half(1, 0);
  return text;
}

/// The main thread n times: idx = idx + 1, and starts a thread that writes a[idx].
inline ToyText sigma(std::int32_t n) {
  ToyText text;
  text.variables = static_cast<std::size_t>(n + 1);  // idx, a[]
  text.initial = {-1};
  std::vector<Instruction> main_thread;
  for (std::int32_t i = 0; i < n; ++i) {
    main_thread.push_back({Op::load, 0, 0});
    main_thread.push_back({Op::store_sum, 0, 0, 1});
    main_thread.push_back({Op::spawn, i + 1});
    text.spawned |= model::set_of(static_cast<ActorId>(i + 1));
  }
  for (std::int32_t i = 0; i < n; ++i) main_thread.push_back({Op::join, i + 1});
  text.actors.push_back(std::move(main_thread));
  for (std::int32_t i = 0; i < n; ++i)
    text.actors.push_back({{Op::load, 0, 0}, {Op::store_slot, 0, 1, 1}, {Op::exit}});
  return text;
}

/// n threads write one variable.
inline ToyText lastwrite(std::int32_t n) {
  ToyText text;
  for (std::int32_t i = 0; i < n; ++i) text.actors.push_back({{Op::store, 0, i + 1}});
  return text;
}

/// n depositors, n withdrawers, one auditor, one section of one mutex each.
inline ToyText account(std::int32_t n) {
  ToyText text;
  text.locks = 1;
  const auto change = [&](std::int32_t amount) {
    text.actors.push_back(
        {{Op::lock, 0}, {Op::load, 0, 0}, {Op::store_sum, 0, 0, amount}, {Op::unlock, 0}});
  };
  for (std::int32_t i = 0; i < n; ++i) change(10);
  for (std::int32_t i = 0; i < n; ++i) change(-7);
  text.actors.push_back({{Op::lock, 0}, {Op::load, 0, 0}, {Op::unlock, 0}});
  return text;
}

/// t threads, k fetch_add each on one variable.
inline ToyText shared(std::int32_t t, std::int32_t k) {
  ToyText text;
  for (std::int32_t i = 0; i < t; ++i)
    text.actors.emplace_back(static_cast<std::size_t>(k), Instruction{Op::fetch_add, 0, 0, 1});
  return text;
}

/// The same, each thread on a variable of its own.
inline ToyText distinct(std::int32_t t, std::int32_t k) {
  ToyText text;
  text.variables = static_cast<std::size_t>(t);
  for (std::int32_t i = 0; i < t; ++i)
    text.actors.emplace_back(static_cast<std::size_t>(k), Instruction{Op::fetch_add, 0, i, 1});
  return text;
}

}  // namespace unswept::tests
