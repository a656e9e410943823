import { python } from '../../../src/languages/python/language.js'
import { calleeTests } from '../fixture-calls.js'

/** Read by a person from the source of click; `~3` is the implementation behind two overloads. */
calleeTests('click', python, 'click', {
  'HelpFormatter.write_usage': ['HelpFormatter.write', 'wrap_text'],
  'HelpFormatter.write_dl': ['HelpFormatter.write', 'iter_rows', 'measure_table', 'wrap_text'],
  'HelpFormatter.section': ['HelpFormatter.dedent', 'HelpFormatter.indent', 'HelpFormatter.write_heading', 'HelpFormatter.write_paragraph'],
  // `fill` is that of the standard library's TextWrapper, above the one of click.
  wrap_text: ['TextWrapper.extra_indent', 'TextWrapper.indent_only'],
  '_OptionParser.parse_args': ['_OptionParser._process_args_for_args', '_OptionParser._process_args_for_options', '_ParsingState.__init__'],
  '_OptionParser._match_short_opt': ['_Option.process', '_OptionParser._get_value_from_state', '_normalize_opt'],
  resolve_color_default: ['get_current_context~3'],
  _split_opt: [],
})
