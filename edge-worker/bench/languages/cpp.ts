import { headerBench } from '../language-bench/header-bench.js'

export const bench = headerBench('C++', ['libleveldb-dev', 'libre2-dev', 'libfmt-dev', 'libspdlog-dev', 'libgtest-dev'])
