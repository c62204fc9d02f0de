"""Runs a program in a pseudo-terminal: plan as JSON on stdin, what came of it as JSON on stdout."""
import fcntl, json, os, pty, select, signal, struct, sys, termios, time

plan = json.load(sys.stdin)
pid, terminal = pty.fork()
if pid == 0:
    os.chdir(plan["cwd"])
    # The window has its size before the program asks for it.
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", plan["rows"], plan["columns"], 0, 0))
    os.execvpe(plan["argv"][0], plan["argv"], plan["env"])

start, output, steps, seen = time.monotonic(), b"", list(plan["steps"]), 0
first = None
while time.monotonic() - start < plan["seconds"]:
    # Each step waits for its text in what came after the step before.
    if steps and (at := output.find(steps[0]["until"].encode(), seen)) >= 0:
        step = steps.pop(0)
        seen = len(output)
        time.sleep(step.get("pause", 0))
        if "send" in step:
            os.write(terminal, step["send"].encode())
        if "resize" in step:
            columns, rows = step["resize"]
            fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            os.kill(pid, signal.SIGWINCH)
        continue
    if not select.select([terminal], [], [], 0.2)[0]:
        continue
    try:
        block = os.read(terminal, 65536)
    except OSError:
        break
    if not block:
        break
    if first is None:
        first = time.monotonic() - start
    output += block
else:
    os.kill(pid, signal.SIGKILL)
_, status = os.waitpid(pid, 0)
echo = bool(termios.tcgetattr(terminal)[3] & termios.ECHO) if plan.get("modes") else None
print(json.dumps({
    "status": os.waitstatus_to_exitcode(status),
    "output": output.decode("utf8", "replace"),
    "first": first,
    "steps_left": len(steps),
    "echo": echo,
}))
