/** Watches how long the event loop stands still, until `stop`, which gives the longest time in milliseconds. */
export function watchEventLoop(): { readonly stop: () => number } {
  let longest = 0
  let last = performance.now()
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last)
    last = performance.now()
  }, 5)
  return {
    stop: () => {
      clearInterval(timer)
      return longest
    },
  }
}
