import type { StatementPlace } from './blanks.js'

export const BASIC_TYPES = new Set(
  'void char short int long float double signed unsigned bool _Bool wchar_t char8_t char16_t char32_t auto decltype __int64 __int128 _Complex'.split(
    ' ',
  ),
)
/** How a function is called is no business of its readers, and not all places of these words are known to the grammar. */
export const CALLING = new Set(['__cdecl', '__stdcall', '__fastcall', '__thiscall', '__vectorcall'])
export const TAGS = new Set(['struct', 'union', 'enum', 'class', 'typename'])
const OTHER_KEYWORDS = new Set(
  (
    'static extern inline const volatile register restrict typedef virtual explicit constexpr consteval constinit mutable friend thread_local ' +
    'template using namespace export operator public private protected __inline __inline__ __restrict __restrict__ __volatile__ __const ' +
    '__extension__ _Noreturn _Thread_local _Alignas alignas static_assert _Static_assert noexcept override final throw requires concept ' +
    '__attribute__ __declspec __asm__ asm __cdecl __stdcall __fastcall __thiscall default delete new return if else for while do switch case goto'
  ).split(' '),
)
/** What export marks, calling conventions and attributes are usually called. */
export const ATTRIBUTE_NAME =
  /API|EXPORT|IMPORT|EXTERN|CALL|DECL|INLINE|ATTR|DEPRECATED|PUBLIC|PUBFUN|LOCAL|VISIB|RETURN|DISCARD|WARN|PURE|CONST|UNUSED|USED|FORCE|LINKAGE|ABI|THROW|HIDDEN|STATIC|NOEXCEPT|NONNULL|FAR$|NEAR$|BEGIN|END$|FUNC|COLD|HOT|GUARDED|MUST|PRINTF|FORMAT|PACK/

export function isMacroName(word: string): boolean {
  return /^(?:[A-Z][A-Z0-9_]*[A-Z0-9][A-Z0-9_]*|_+[A-Z][A-Z0-9_]*)$/.test(word) && word.length > 2
}

/** Words that begin a declaration: a name that stands before one of them is a macro. */
export const BEGINNINGS = new Set(
  'namespace using template typedef class struct union enum static extern inline __inline constexpr virtual explicit friend'.split(' '),
)

/** A word that no name stands in front of. */
export function beginsDeclaration(word: string): boolean {
  return BEGINNINGS.has(word) || BASIC_TYPES.has(word) || word === 'const'
}

export function isAttribute(word: string, { attributes }: StatementPlace): boolean {
  return attributes.has(word) || isMacroName(word)
}

/** A macro that opens or closes a region speaks of no declaration. */
export function isOpening(word: string): boolean {
  return /BEGIN|END|DECLS|NAMESPACE|DISABLE|OBJECT$/.test(word)
}

export function isKeyword(word: string): boolean {
  return BASIC_TYPES.has(word) || TAGS.has(word) || OTHER_KEYWORDS.has(word)
}
