import type { Symbol } from '@doctown/common/contracts/symbol.js'
import type { RepositoryModel } from './build-model.js'
import type { Module } from './model.js'
import type { ModuleContents } from './module-contents.js'
import { least, type Level, type Presence } from './presence.js'

/** In which builds an item exists, by its own attributes and those of all that stands around it: functions, impls, modules. */
export class Levels {
  private readonly modules = new Map<Module, Level>()

  constructor(
    private readonly model: RepositoryModel,
    private readonly contents: ModuleContents,
    private readonly presence: Presence,
  ) {}

  of(symbol: Symbol): Level {
    let level = this.presence.ofSymbol(symbol).level
    let at = symbol
    while (at.container !== null) {
      const outer = this.contents.symbol(at.container)
      if (outer === undefined) return level
      level = least(level, this.presence.ofSymbol(outer).level)
      at = outer
    }
    const module = this.model.moduleOfFile.get(at.file)
    return module === undefined ? level : least(level, this.ofModule(module))
  }

  ofModule(module: Module): Level {
    const known = this.modules.get(module)
    if (known !== undefined) return known
    // A module that declares itself in a circle exists; so does one that no `mod` declares, because a macro may do it.
    this.modules.set(module, 2)
    const levels = (this.contents.declarations.get(module) ?? []).map((each) => this.of(each))
    const level = levels.length === 0 ? 2 : levels.reduce((a, b) => (a > b ? a : b))
    this.modules.set(module, level)
    return level
  }
}
