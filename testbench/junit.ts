/** One check in a JUnit report. */
export interface TestCase {
  /** What was checked: `waves, 2000 vectors, seed 1`. */
  readonly name: string;
  /** The design: `narrowgate.mac-tree`; CI servers group by it. */
  readonly className: string;
  readonly seconds: number;
  /** Absent where the check passed. */
  readonly failure?: {
    /** One sentence. */
    readonly message: string;
    /** All that helps, such as the picture as text without colour and the command that repeats it. */
    readonly text: string;
  };
  /** A tool that is missing or failed: the check could not be made, and nothing is known of the design. */
  readonly error?: { readonly message: string; readonly text: string };
  /** Why the check was not made, where that is no fault. */
  readonly skipped?: string;
  /** What the check printed. */
  readonly output?: string;
}

/** One suite, such as one unit or one sweep. */
export interface TestSuite {
  readonly name: string;
  readonly cases: readonly TestCase[];
  /** Shown with the suite: parameters, seed, versions. */
  readonly properties?: Readonly<Record<string, string>>;
}

/**
 * A report in JUnit's XML, as CI servers read it (`testsuites`, `testsuite`, `testcase` with `failure`, `error` or `skipped`). Text is
 * escaped, and characters that XML 1.0 forbids are left out.
 */
export function junitReport(suites: readonly TestSuite[]): string {
  const all = suites.flatMap(suite => suite.cases);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="narrowgate" ${totals(all)}>`,
    ...suites.flatMap(suiteLines),
    '</testsuites>',
    '',
  ].join('\n');
}

function suiteLines(suite: TestSuite): readonly string[] {
  const properties = Object.entries(suite.properties ?? {}).map(([name, value]) => `      <property name="${attribute(name)}" value="${attribute(value)}"/>`);
  return [
    `  <testsuite name="${attribute(suite.name)}" ${totals(suite.cases)}>`,
    ...(properties.length === 0 ? [] : ['    <properties>', ...properties, '    </properties>']),
    ...suite.cases.flatMap(caseLines),
    '  </testsuite>',
  ];
}

function totals(cases: readonly TestCase[]): string {
  const count = (matches: (test: TestCase) => boolean): number => cases.filter(matches).length;
  const seconds = cases.reduce((sum, test) => sum + test.seconds, 0);
  return `tests="${cases.length}" failures="${count(test => test.failure !== undefined)}" errors="${count(test => test.error !== undefined)}" `
    + `skipped="${count(test => test.skipped !== undefined)}" time="${seconds.toFixed(3)}"`;
}

function caseLines(test: TestCase): readonly string[] {
  const head = `    <testcase name="${attribute(test.name)}" classname="${attribute(test.className)}" time="${test.seconds.toFixed(3)}"`;
  const body = [
    ...(test.skipped === undefined ? [] : [`      <skipped message="${attribute(test.skipped)}"/>`]),
    ...(test.failure === undefined ? [] : [`      <failure type="mismatch" message="${attribute(test.failure.message)}">${escape(test.failure.text)}</failure>`]),
    ...(test.error === undefined ? [] : [`      <error type="tool" message="${attribute(test.error.message)}">${escape(test.error.text)}</error>`]),
    ...(test.output === undefined ? [] : [`      <system-out>${escape(test.output)}</system-out>`]),
  ];
  return body.length === 0 ? [`${head}/>`] : [`${head}>`, ...body, '    </testcase>'];
}

/** ANSI colour codes: without their first character they would be litter. */
const colorCode = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*[A-Za-z]`, 'g');

/** Text for an attribute, where a parser would make a space of a newline. */
function attribute(text: string): string {
  return escape(text).replaceAll('\n', '&#10;').replaceAll('\t', '&#9;');
}

/** Text for the content of an element. */
function escape(text: string): string {
  return Array.from(text.replace(colorCode, ''), character => {
    switch (character) {
      case '&': return '&amp;';
      case '<': return '&lt;';
      case '>': return '&gt;';
      case '"': return '&quot;';
      case '\r': return '&#13;';
      default: return isXmlCharacter(character.codePointAt(0) ?? 0) ? character : '';
    }
  }).join('');
}

/** Production Char of XML 1.0. */
function isXmlCharacter(code: number): boolean {
  return code === 0x9 || code === 0xA || code === 0xD || (code >= 0x20 && code <= 0xD7FF) || (code >= 0xE000 && code <= 0xFFFD) || code >= 0x10000;
}
