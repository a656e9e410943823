import { headerBench } from '../language-bench/header-bench.js'

/** Headers that Ctags reads without being told what their macros stand for; of libpng and curl it misses what these declare. */
export const bench = headerBench('C', ['zlib1g-dev', 'libexpat1-dev', 'libjson-c-dev', 'libevent-dev', 'libuv1-dev', 'libyaml-dev'])
