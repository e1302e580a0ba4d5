using System.ComponentModel;
using System.Diagnostics;
using Xunit;

namespace Datamodels.Tests;

/// <summary>A Python with what a test needs, where this machine has one.</summary>
internal static class Python
{
    /// <summary>Runs a script; skips the test where no Python has the module.</summary>
    public static void Run(string module, string script)
    {
        string? python = new[] { "/usr/bin/python3", "python3", "python" }
            .FirstOrDefault(python => Start(python, $"import {module}") is (0, _));
        Assert.SkipWhen(python is null, $"needs Python with {module}");
        (int exitCode, string errors) = Start(python!, script)!.Value;
        Assert.True(exitCode == 0, errors);
    }

    private static (int ExitCode, string Errors)? Start(string python, string script)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(python, ["-c", script]) { RedirectStandardError = true })!;
            string errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, errors);
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
