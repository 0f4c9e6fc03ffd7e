import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { junitReport, type TestCase } from './junit.js';

const passed: TestCase = { name: 'vectors', className: 'narrowgate.mac-tree', seconds: 0.5 };

describe('the JUnit report', () => {
  it('counts cases, failures, errors and skips, suite by suite and in all', () => {
    const report = junitReport([
      {
        name: 'mac-tree', properties: { seed: '7', parameters: 'lanes=16 "default"' },
        cases: [
          passed,
          { ...passed, name: 'waves', failure: { message: 'Beat 3 of stream \'out\': element 0 of out_sum is 1, expected 2.', text: 'cycle 1\n  2 < 3 && "a"' } },
          { ...passed, name: 'proof', skipped: 'no solver' },
        ],
      },
      { name: 'tools', cases: [{ ...passed, name: 'build', seconds: 1, error: { message: 'Verilator\nis missing', text: '' }, output: 'log' }] },
    ]);
    expect(report).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="narrowgate" tests="4" failures="1" errors="1" skipped="1" time="2.500">
  <testsuite name="mac-tree" tests="3" failures="1" errors="0" skipped="1" time="1.500">
    <properties>
      <property name="seed" value="7"/>
      <property name="parameters" value="lanes=16 &quot;default&quot;"/>
    </properties>
    <testcase name="vectors" classname="narrowgate.mac-tree" time="0.500"/>
    <testcase name="waves" classname="narrowgate.mac-tree" time="0.500">
      <failure type="mismatch" message="Beat 3 of stream 'out': element 0 of out_sum is 1, expected 2.">cycle 1
  2 &lt; 3 &amp;&amp; &quot;a&quot;</failure>
    </testcase>
    <testcase name="proof" classname="narrowgate.mac-tree" time="0.500">
      <skipped message="no solver"/>
    </testcase>
  </testsuite>
  <testsuite name="tools" tests="1" failures="0" errors="1" skipped="0" time="1.000">
    <testcase name="build" classname="narrowgate.mac-tree" time="1.000">
      <error type="tool" message="Verilator&#10;is missing"></error>
      <system-out>log</system-out>
    </testcase>
  </testsuite>
</testsuites>
`);
  });

  it('keeps every text that XML can hold, and only that', () => {
    const unescape = (text: string): string => text.replace(/&(#13|amp|lt|gt|quot);/g, (_, name: string) => ({ '#13': '\r', 'amp': '&', 'lt': '<', 'gt': '>', 'quot': '"' })[name] ?? '?');
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 40 }), fc.constantFrom('', '\u0000', '\u001b[1;31m', '\u0007', '\ud800', '\uffff', '\b'), (text, forbidden) => {
      fc.pre(!/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udfff]/.test(text.replace(/[\ud800-\udbff][\udc00-\udfff]/g, '')));
      const report = junitReport([{ name: 's', cases: [{ ...passed, failure: { message: '', text: text + forbidden } }] }]);
      const content = /<failure type="mismatch" message="">([^<]*)<\/failure>/.exec(report)?.[1];
      expect(content === undefined ? undefined : unescape(content)).toBe(text);
    }));
  });
});
