// Runs the benchmarks, then says how much memory that took.  bench/README.md explains the figures.
#include <benchmark/benchmark.h>
#include <cstdio>
#include <sys/resource.h>

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();

  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  std::printf("\npeak memory of the whole run: %.1f MiB\n",
              static_cast<double>(usage.ru_maxrss) / 1024.0);
  return 0;
}
