/** How far `a` lies from `b`, as L2 of the difference over L2 of `b`. */
export function relativeDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [difference, size] = [0, 0]
  for (let i = 0; i < b.length; i++) {
    difference += (a[i]! - b[i]!) ** 2
    size += b[i]! ** 2
  }
  return Math.sqrt(difference / size)
}
