import assert from 'node:assert/strict'
import { outlineLines } from '../../src/pipeline/line-outline.js'
import { searchItemsOfText } from '../../src/pipeline/search-items.js'

/** `type holder::name first-last`, lines from 1. */
function outline(path: string, text: string): string[] {
  const found = outlineLines(path, text.split('\n'))
  const nameOf = (at: number): string => (found[at]!.parent === -1 ? found[at]!.name : `${nameOf(found[at]!.parent)}::${found[at]!.name}`)
  return found.map(({ type, headLine, lastLine }, at) => `${type} ${nameOf(at)} ${headLine + 1}-${lastLine + 1}`)
}

const CASES: readonly { readonly language: string; readonly path: string; readonly text: string; readonly expected: readonly string[] }[] =
  [
    {
      language: 'Ruby',
      path: 'lib/queue.rb',
      text: [
        'module Work',
        '  # Keeps jobs.',
        '  class Queue < Base',
        '    LIMIT = 10',
        '    attr_reader :jobs',
        '    def self.open(path)',
        '      new(path)',
        '    end',
        '    private def push!(job)',
        '      if full?',
        '        raise "full"',
        '      end',
        '    rescue Full',
        '      nil',
        '    end',
        '  end',
        'end',
      ].join('\n'),
      expected: [
        'module Work 1-17',
        'class Work::Queue 3-16',
        'const Work::Queue::LIMIT 4-4',
        'field Work::Queue::jobs 5-5',
        'method Work::Queue::open 6-8',
        'method Work::Queue::push! 9-15',
      ],
    },
    {
      language: 'Kotlin',
      path: 'src/Store.kt',
      text: [
        'package a.b',
        '',
        'sealed class Store<T>(private val path: String) : Closeable {',
        '  private val items = mutableListOf<T>()',
        '  override suspend fun close() {',
        '    val closing = 1',
        '    fun inner() = 2',
        '  }',
        '  companion object Factory { }',
        '}',
        'fun <T> List<T>.second(): T = this[1]',
        'data class Pair(val a: Int)',
      ].join('\n'),
      expected: [
        'class Store 3-10',
        'field Store::items 4-4',
        'method Store::close 5-8',
        'class Store::Factory 9-9',
        'function second 11-11',
        'class Pair 12-12',
      ],
    },
    {
      language: 'C#',
      path: 'Db/Mapper.cs',
      text: [
        'namespace Db;',
        '/// <summary>Maps rows.</summary>',
        '[Serializable]',
        'public static class Mapper',
        '{',
        '    public int Count { get; private set; }',
        '    public static async Task<IEnumerable<T>> QueryAsync<T>(',
        '        string sql,',
        '        object param = null)',
        '    {',
        '        return await Run(sql);',
        '    }',
        '    internal Mapper(string name) => Name = name;',
        '}',
      ].join('\n'),
      expected: ['class Mapper 4-14', 'field Mapper::Count 6-6', 'method Mapper::QueryAsync 7-12', 'method Mapper::Mapper 13-13'],
    },
    {
      language: 'PHP',
      path: 'src/Logger.php',
      text: [
        '<?php',
        'namespace App;',
        'final class Logger implements LoggerInterface',
        '{',
        '    private const LIMIT = 5;',
        '    public function log(string $level): void',
        '    {',
        '        $this->write($level);',
        '    }',
        '}',
        'function helper() {',
        '}',
      ].join('\n'),
      expected: ['class Logger 3-10', 'const Logger::LIMIT 5-5', 'method Logger::log 6-9', 'function helper 11-12'],
    },
    {
      language: 'Swift',
      path: 'Sources/Session.swift',
      text: [
        'public final class Session: NSObject {',
        '    let queue: DispatchQueue',
        '    public init(queue: DispatchQueue) {',
        '        self.queue = queue',
        '    }',
        '}',
        'extension Session {',
        '    @discardableResult func cancel() -> Self { self }',
        '}',
        'protocol Cancelling { func cancel() }',
      ].join('\n'),
      expected: [
        'class Session 1-6',
        'field Session::queue 2-2',
        'method Session::init 3-5',
        'impl Session 7-9',
        'method Session::cancel 8-8',
        'interface Cancelling 10-10',
      ],
    },
    {
      language: 'Elixir',
      path: 'lib/conn.ex',
      text: [
        'defmodule Plug.Conn do',
        '  @doc """',
        '  Sends it.',
        '  """',
        '  def send_resp(conn, status) do',
        '    conn',
        '  end',
        '  defp run(x), do: x',
        'end',
      ].join('\n'),
      expected: ['module Plug.Conn 1-9', 'function Plug.Conn::send_resp 5-7', 'function Plug.Conn::run 8-8'],
    },
    {
      language: 'Haskell',
      path: 'src/Parse.hs',
      text: [
        'data Tree a',
        '  = Leaf',
        '  | Node a',
        '',
        '-- | Depth of it.',
        'depth :: Tree a -> Int',
        'depth Leaf = 0',
        'depth (Node _) = 1',
        '',
        'size :: Int',
        'size = 2',
      ].join('\n'),
      expected: ['type_alias Tree 1-3', 'function depth 6-8', 'function size 10-11'],
    },
    {
      language: 'Lua',
      path: 'src/fs.lua',
      text: [
        'local function join(a, b)',
        '   return a .. b',
        'end',
        'function fs.dir.list(path)',
        'end',
        'fs.remove = function(path)',
        'end',
      ].join('\n'),
      expected: ['function join 1-3', 'function list 4-5', 'function remove 6-7'],
    },
    {
      language: 'shell',
      path: 'install.sh',
      text: ['#!/bin/sh', 'main() {', '  run', '}', 'function run', '{', '  echo', '}'].join('\n'),
      expected: ['function main 2-4', 'function run 5-8'],
    },
    {
      language: 'protocol buffers',
      path: 'api.proto',
      text: ['message Job {', '  string id = 1;', '}', 'service Jobs {', '  rpc Submit(Job) returns (Job);', '}'].join('\n'),
      expected: ['struct Job 1-3', 'interface Jobs 4-6', 'method Jobs::Submit 5-5'],
    },
  ]

describe('the outline of a language without a grammar', () => {
  for (const { language, path, text, expected } of CASES)
    it(`tells definitions of ${language} with their holders and last lines`, () => assert.deepEqual(outline(path, text), expected))

  it('is empty for texts that define nothing and for endings nobody knows', () => {
    assert.deepEqual(outline('README.txt', 'class Foo\n  def bar\n'), [])
    assert.deepEqual(outline('a.rb', 'puts 1\n\n# class Foo\n'), [])
  })

  it("gives a definition its header, body and documentation, and a holder its members' headers only", () => {
    const { text, path } = CASES[2]!
    const items = searchItemsOfText({ path, text }).map(({ item }) => item)
    const mapper = items.find(({ name, symbol_type }) => name === 'Mapper' && symbol_type === 'class')!
    assert.match(mapper.docs, /Maps rows/)
    assert.doesNotMatch(mapper.body, /await Run/)
    assert.match(mapper.body, /QueryAsync/)
    const query = items.find(({ name }) => name === 'QueryAsync')!
    assert.match(query.head, /object param/)
    assert.match(query.body, /await Run/)
    assert.equal(query.path, 'Mapper')
    assert.equal(query.public, true)
    assert.equal(items.find(({ name, symbol_type }) => name === 'Mapper' && symbol_type === 'method')!.public, false)
  })

  it('takes a text in quotes above a definition for its documentation only where it stands alone or behind @doc', () => {
    const docs = (path: string, lines: string[]) =>
      searchItemsOfText({ path, text: lines.join('\n') }).find(({ item }) => item.name === 'open')?.item.docs
    assert.equal(docs('a.kt', ['val query = """', 'select it', '"""', 'fun open() {', '}']), '')
    assert.match(docs('a.ex', ['@doc """', 'Opens it.', '"""', 'def open do', 'end']) ?? '', /^Opens it\.$/)
    assert.match(docs('a.jl', ['"""', 'Opens it.', '"""', 'function open()', 'end']) ?? '', /Opens it\./)
  })

  for (const { what, text } of [
    { what: 'blank lines', text: '\n'.repeat(150_000) + 'puts 1' },
    { what: 'imports that open a brace and close none', text: 'use {\n'.repeat(50_000) },
  ])
    it(`reads a file of nothing but ${what} in the time of its length`, () => {
      const begin = performance.now()
      searchItemsOfText({ path: 'a.rb', text: `def a\nend\n${text}` })
      assert.ok(performance.now() - begin < 2000, `${(performance.now() - begin).toFixed(0)} ms`)
    })

  it('reads lines made to hold a pattern back, and files of many definitions, in the time of their length', () => {
    const hostile = [
      'public '.repeat(50) + 'x',
      'a '.repeat(190) + '(',
      '@a('.repeat(100),
      '[' + ' '.repeat(390),
      'static '.repeat(40) + 'Task<' + 'List<'.repeat(20) + ' f',
      '<'.repeat(400),
      'type ' + "'a ".repeat(120),
      'class ' + 'A => '.repeat(70),
    ]
    for (const ending of ['cs', 'kt', 'dart', 'swift', 'scala', 'hs', 'ml', 'jl', 'sql', 'zig', 'clj', 'php', 'rb']) {
      const begin = performance.now()
      outlineLines(
        `a.${ending}`,
        Array.from({ length: 200 }, (_, i) => hostile[i % hostile.length]!),
      )
      assert.ok(performance.now() - begin < 2000, `${ending}: ${(performance.now() - begin).toFixed(0)} ms`)
    }
    const begin = performance.now()
    const found = outlineLines(
      'a.rb',
      Array.from({ length: 49_000 }, (_, i) => (i % 2 === 0 ? `def m${i}` : 'end')),
    )
    assert.equal(found.length, 24_500)
    assert.ok(performance.now() - begin < 4000)
  })
})
