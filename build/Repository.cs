using System.ComponentModel;
using System.Diagnostics;
using Datamodels.Build.Help;

namespace Datamodels.Build;

/// <summary>The checkout and the commands that are run in its root.</summary>
/// <param name="root">Absolute path of the folder that holds Datamodels.sln.</param>
internal sealed class Repository(string root)
{
    public const string Configuration = "Release";

    private static readonly string[] s_madeInOut = ["bench", "demo", "modules", "pack", "test", "unavailable"];

    /// <summary>A path inside the checkout, absolute.</summary>
    public string PathOf(params ReadOnlySpan<string> parts) => Path.Combine([root, .. parts]);

    /// <summary>
    /// Compiles the solution and makes the help of the cmdlets. Says nothing unless something is wrong, which
    /// <c>dotnet build</c> cannot be asked for.
    /// </summary>
    public int Build()
    {
        int exitCode = Dotnet(
            ["msbuild", "Datamodels.sln", "-restore", $"-property:Configuration={Configuration}", "-verbosity:quiet", "-nologo"]);
        if (exitCode == 0)
        {
            CmdletHelp.WriteMaml(this);
        }

        return exitCode;
    }

    /// <summary>Removes what the verbs make: every bin and obj, and their own part of out. A user's runs there stay.</summary>
    public int Clean()
    {
        IEnumerable<string> projects = Directory.EnumerateFiles(root, "*.csproj", SearchOption.AllDirectories).ToArray();
        IEnumerable<string> folders = projects
            .Select(project => Path.GetDirectoryName(project)!)
            // This program runs from its own bin.
            .Where(folder => folder != PathOf("build"))
            .SelectMany(folder => new[] { Path.Combine(folder, "bin"), Path.Combine(folder, "obj") })
            .Append(PathOf("module", "bin"))
            .Append(PathOf("module", "host"))
            .Concat(s_madeInOut.Select(name => PathOf("out", name)));
        foreach (string folder in folders.Where(Directory.Exists))
        {
            Directory.Delete(folder, recursive: true);
        }

        if (Directory.Exists(PathOf("en-US")))
        {
            File.Delete(CmdletHelp.FileIn(this));
        }

        string output = PathOf("out");
        if (Directory.Exists(output))
        {
            File.Delete(Path.Combine(output, "bench.json"));
            if (!Directory.EnumerateFileSystemEntries(output).Any())
            {
                Directory.Delete(output);
            }
        }

        return 0;
    }

    /// <summary>Runs dotnet in the root with this console; returns its exit code.</summary>
    public int Dotnet(IEnumerable<string> arguments) => Run("dotnet", arguments);

    /// <summary>Runs a program in the root with this console; returns its exit code.</summary>
    public int Run(string program, IEnumerable<string> arguments)
    {
        using Process process = Start(program, arguments, redirect: false);
        process.WaitForExit();
        return process.ExitCode;
    }

    /// <summary>Runs a program unseen; returns what it printed, or why there is no answer.</summary>
    /// <param name="program">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="limit">The program is ended after this time.</param>
    public (bool Done, string Output) Ask(string program, IEnumerable<string> arguments, TimeSpan limit)
    {
        using Process? process = TryStart(program, arguments);
        if (process is null)
        {
            return (false, "it is not a program");
        }

        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(limit))
        {
            process.Kill(entireProcessTree: true);
            return (false, $"no answer in {limit.TotalSeconds} s");
        }

        bool done = process.ExitCode == 0;
        string said = done || errors.Result.Length == 0 ? output.Result : errors.Result;
        return (done, said.Trim());
    }

    private Process? TryStart(string program, IEnumerable<string> arguments)
    {
        try
        {
            return Start(program, arguments, redirect: true);
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    private Process Start(string program, IEnumerable<string> arguments, bool redirect)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = root,
            RedirectStandardOutput = redirect,
            RedirectStandardError = redirect,
            // A program that asks a question must not wait for an answer nobody sees.
            RedirectStandardInput = redirect,
        };
        if (Console.IsOutputRedirected)
        {
            // no-color.org: dotnet, PowerShell, Pester and the host know it.
            start.Environment["NO_COLOR"] = "1";
        }

        Process process = Process.Start(start)!;
        if (redirect)
        {
            process.StandardInput.Close();
        }

        return process;
    }
}
