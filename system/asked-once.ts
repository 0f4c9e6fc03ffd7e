/**
 * A question to the machine that is asked once per process and setting of the variables of the environment on which the answer hangs. A refusal is not kept: what was missing
 * may be installed while we run.
 */
export function askedOnce<T>(variables: readonly string[], ask: (environment: NodeJS.ProcessEnv) => Promise<T>): (environment?: NodeJS.ProcessEnv) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return (environment = process.env) => {
    const key = JSON.stringify(variables.map(name => environment[name]));
    let answer = known.get(key);
    if (answer === undefined) {
      answer = ask(environment);
      known.set(key, answer);
      answer.catch(() => known.delete(key));
    }
    return answer;
  };
}
