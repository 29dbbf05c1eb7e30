import { dirname, join, relative, resolve } from 'node:path'
import ts from 'typescript'
import { PROJECT_ROOT } from '../circuits/compile.ts'

/** The modules cannot be written out; the message is the compiler's own. */
export class SdkCompileError extends Error {
  override readonly name = 'SdkCompileError'
  readonly code = 'sdk_compile'
}

/** Where the compiler would write; beside the sources it would leave out those that are written as they are. */
const NOWHERE = join(PROJECT_ROOT, 'build/sdk/package/lib')

/** What was compiled. Paths have slashes. */
export type Compiled = {
  /** What came of it: text by path, relative to where it is to lie. */
  readonly files: ReadonlyMap<string, string>
  /** Packages that the compiled modules import, at once or later. */
  readonly imported: readonly string[]
  /** Packages that the declarations name. */
  readonly declared: readonly string[]
}

/**
 * Compiles the entries and what they import to one JavaScript module each, in the same folders, with the declarations
 * that those of the entries lead to. A program that is started by its address, `new URL('./thread.ts', import.meta.url)`,
 * belongs to what is imported, and its address follows. Types are not checked here: `npm run check` does. Throws
 * {@link SdkCompileError}.
 */
export function compileModules(entries: readonly string[]): Compiled {
  const program = createWholeProgram(entries.map((entry) => join(PROJECT_ROOT, entry)))
  const files = new Map<string, string>()
  const write: ts.WriteFileCallback = (path, text) => {
    const isDeclaration = path.endsWith('.d.ts')
    files.set(relative(NOWHERE, path).replaceAll('\\', '/'), isDeclaration ? withJavaScriptSpecifiers(text) : text)
  }
  const { diagnostics } = program.emit(undefined, write, undefined, false, { before: [rewriteAddresses] })
  report([...program.getSyntacticDiagnostics(), ...diagnostics])
  keepReachable(files, entries)
  const packages = (ofDeclarations: boolean) => {
    const texts = [...files].filter(([path]) => path.endsWith('.d.ts') === ofDeclarations).map(([, text]) => text)
    return [...new Set(texts.flatMap(packagesOf))].sort()
  }
  return {
    files,
    imported: packages(false),
    declared: packages(true),
  }
}

/**
 * Drops what no entry leads to: modules that are imported for their types alone, and the declarations that those of the
 * entries do not name, among them one that spells out the engine.
 */
function keepReachable(files: Map<string, string>, entries: readonly string[]): void {
  const reached = new Set<string>()
  const visit = (path: string) => {
    const text = files.get(path)
    if (text === undefined || reached.has(path)) return
    reached.add(path)
    const isDeclaration = path.endsWith('.d.ts')
    for (const specifier of [...specifiersOf(text), ...startedIn(text)]) {
      const target = join(dirname(path), specifier)
      if (specifier.startsWith('.')) visit(isDeclaration ? target.replace(/\.js$/, '.d.ts') : target)
    }
  }
  for (const entry of entries) for (const ending of ['.js', '.d.ts']) visit(entry.replace(/\.tsx?$/, ending))
  for (const path of files.keys()) if (!reached.has(path)) files.delete(path)
}

function readOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(PROJECT_ROOT, 'tsconfig.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, PROJECT_ROOT)
  return {
    ...options,
    noEmit: false,
    declaration: true,
    rewriteRelativeImportExtensions: true,
    rootDir: PROJECT_ROOT,
    outDir: NOWHERE,
  }
}

/** The program of the entries, and of the programs that they start, and those that these start. */
function createWholeProgram(entries: readonly string[]): ts.Program {
  const program = ts.createProgram(entries, readOptions())
  const started = ownFiles(program).flatMap(startedBy)
  const missing = started.filter((path) => !program.getSourceFile(path))
  return missing.length === 0 ? program : createWholeProgram([...entries, ...missing])
}

function ownFiles(program: ts.Program): ts.SourceFile[] {
  return program.getSourceFiles().filter((file) => !file.isDeclarationFile && !file.fileName.includes('/node_modules/'))
}

/** Absolute paths of the modules that a file names by `new URL(…, import.meta.url)`. */
function startedBy(file: ts.SourceFile): string[] {
  const found: string[] = []
  const visit = (node: ts.Node) => {
    const literal = moduleAddress(node)
    if (literal) found.push(resolve(dirname(file.fileName), literal.text))
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

/** The literal of `new URL('./module.ts', import.meta.url)`, if the node is one. */
function moduleAddress(node: ts.Node): ts.StringLiteral | undefined {
  if (!ts.isNewExpression(node) || !ts.isIdentifier(node.expression) || node.expression.text !== 'URL') return undefined
  const [address, base] = node.arguments ?? []
  if (!address || !ts.isStringLiteral(address) || !/^\.{1,2}\/.*\.ts$/.test(address.text)) return undefined
  return base && ts.isPropertyAccessExpression(base) && ts.isMetaProperty(base.expression) ? address : undefined
}

const rewriteAddresses: ts.TransformerFactory<ts.SourceFile> = (context) => (file) => {
  const visit = (node: ts.Node): ts.Node => {
    const literal = moduleAddress(node)
    if (!literal || !ts.isNewExpression(node)) return ts.visitEachChild(node, visit, context)
    const address = context.factory.createStringLiteral(literal.text.replace(/\.ts$/, '.js'), true)
    const rest = (node.arguments ?? []).slice(1)
    return context.factory.updateNewExpression(node, node.expression, node.typeArguments, [address, ...rest])
  }
  // A file stays a file.
  return ts.visitNode(file, visit) as ts.SourceFile
}

/** The compiler rewrites what modules import, and leaves declarations as they are. */
function withJavaScriptSpecifiers(declarations: string): string {
  return declarations.replace(/(\b(?:from|import)\s*\(?\s*['"]\.{1,2}\/[^'"\n]+)\.tsx?(['"])/g, '$1.js$2')
}

/** Names of the packages that a module, or its declarations, import. Node's own are no packages. */
function packagesOf(text: string): string[] {
  return specifiersOf(text)
    .filter((specifier) => !/^(\.|node:)/.test(specifier))
    .map((specifier) => /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier)
}

/** What a compiled module names by {@link moduleAddress}. */
function startedIn(text: string): string[] {
  return [...text.matchAll(/new URL\('(\.[^']+\.js)', import\.meta\.url\)/g)].map(([, address = '']) => address)
}

function specifiersOf(text: string): string[] {
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName)
}

function report(diagnostics: readonly ts.Diagnostic[]): void {
  if (diagnostics.length === 0) return
  const host = {
    getCanonicalFileName: (name: string) => name,
    getCurrentDirectory: () => PROJECT_ROOT,
    getNewLine: () => '\n',
  }
  throw new SdkCompileError(`the SDK does not compile:\n${ts.formatDiagnostics(diagnostics, host)}`)
}
