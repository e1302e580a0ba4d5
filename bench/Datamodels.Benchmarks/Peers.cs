using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace Datamodels.Benchmarks;

/// <summary>Runs the scripts in bench/peers with a Python that has what they need.</summary>
/// <param name="say">Told what happens.</param>
internal sealed class Peers(Action<string> say)
{
    /// <summary>Tells the user what happens.</summary>
    public void Say(string line) => say(line);

    /// <summary>The first of the usual Pythons that has a module, or null, which is said.</summary>
    public string? PythonWith(string module)
    {
        // The system's own has the distribution's packages, which one from elsewhere on PATH does not see.
        string? python = new[] { "/usr/bin/python3", "python3", "python" }
            .FirstOrDefault(candidate => Start(candidate, ["-c", $"import {module}"]) is { ExitCode: 0 });
        if (python is null)
        {
            say($"no Python with {module}: the peer is left out");
        }

        return python;
    }

    /// <summary>Runs a script that prints one line of JSON last.</summary>
    /// <exception cref="BenchmarkException">It failed; the message holds what it said.</exception>
    public static JsonElement Run(string python, string script, params string[] arguments)
    {
        (int exitCode, string output, string errors) = Start(python, [$"bench/peers/{script}", .. arguments])!.Value;
        string last = output.TrimEnd().Split('\n')[^1];
        return exitCode == 0
            ? JsonDocument.Parse(last).RootElement
            : throw new BenchmarkException($"{script} ended with exit code {exitCode}: {errors.TrimEnd().Split('\n')[^1]}");
    }

    private static (int ExitCode, string Output, string Errors)? Start(string program, string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            string errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output.Result, errors);
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
