using System.Diagnostics;
using Datamodels.Runs;
using Xunit;

namespace Datamodels.Tests.Runs;

/// <summary>A run trained by another process, to which things happen.</summary>
public sealed class RunProcessTests : IDisposable
{
    private const int Models = 600;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static string Host => Path.Combine(AppContext.BaseDirectory, "Datamodels.TestHost.dll");

    private static string DotNet => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    private static Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        return Process.Start(start)!;
    }

    private static (int ExitCode, string Output) Finish(Process process)
    {
        using (process)
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            string errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output.Result + errors);
        }
    }

    private static Process StartTraining(string folder, int threads, int models = Models, bool unprivileged = false)
    {
        string[] command = [DotNet, Host, "train", Repository.Digits, folder, $"{models}", $"{threads}"];
        return unprivileged && Environment.IsPrivilegedProcess
            ? Start("setpriv", ["--reuid=65534", "--clear-groups", .. command])
            : Start(command[0], command[1..]);
    }

    private static bool Has(string program) =>
        !OperatingSystem.IsWindows()
        && Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));

    private static void AssertSameBytes(string expected, string actual)
    {
        foreach (string file in new[] { "completed.npy", "margins.npy", "run.yaml", "subsets.npy" })
        {
            Assert.Equal(File.ReadAllBytes(Path.Combine(expected, file)), File.ReadAllBytes(Path.Combine(actual, file)));
        }

        Assert.Equal(4, Directory.GetFileSystemEntries(actual).Length);
    }

    [Fact]
    public void A_run_killed_again_and_again_ends_with_the_bytes_of_an_undisturbed_one()
    {
        string undisturbed = _folder.File("undisturbed");
        Assert.Equal((0, $"done {Models} 0\n"), Finish(StartTraining(undisturbed, 2)));

        string killed = _folder.File("killed");
        var random = new Random(1);
        int before = 0;
        for (int kill = 0; kill < 5; kill++)
        {
            using Process process = StartTraining(killed, 1 + (kill % 3));
            while (CompletedIn(killed) < before + 10)
            {
                Assert.False(process.HasExited, "The process ended before it could be killed.");
                Thread.Sleep(1);
            }

            Thread.Sleep(random.Next(60));
            process.Kill();
            process.WaitForExit();

            RunRows rows = SubsetTraining.Open(killed).ReadRows();
            Assert.InRange(rows.Count, before + 10, Models - 1);
            Assert.Equal((rows.Count, 0), (CompletedIn(killed), rows.DamagedCount));
            before = rows.Count;
        }

        Assert.Equal((0, $"done {Models - before} 0\n"), Finish(StartTraining(killed, 2)));
        AssertSameBytes(undisturbed, killed);
    }

    private static int CompletedIn(string folder) =>
        File.Exists(Path.Combine(folder, "run.yaml")) ? SubsetTraining.Open(folder).CompletedCount : 0;

    [Fact]
    public void A_disk_too_small_is_found_before_training_and_a_full_one_loses_nothing()
    {
        Assert.SkipUnless(Has("unshare") && Has("mount"), "needs unshare and mount (Linux)");
        string[] unshare = Environment.IsPrivilegedProcess ? ["-m"] : ["-r", "-m"];
        using (Process probe = Start("unshare", [.. unshare, "sh", "-c", $"mount -t tmpfs tmpfs '{_folder.Path}'"]))
        {
            Assert.SkipUnless(Finish(probe).ExitCode == 0, "mounting a small file system is not permitted here");
        }

        Assert.Equal((0, $"done {Models} 0\n"), Finish(StartTraining(_folder.File("undisturbed"), 2)));

        // The run is made whole, that is with its room taken, in the one disk; to have a full disk in mid-run its files are
        // copied without their zeros to another.
        string script = $"""
            set -u
            cd '{_folder.Path}'
            train() (
                '{DotNet}' '{Host}' train '{Repository.Digits}' "$1" {Models} 2
            )
            mkdir small
            mount -t tmpfs -o size=300k tmpfs small || exit 9
            train small/run && exit 10
            test -e small/run && exit 11
            cp -r undisturbed empty
            for file in subsets margins completed; do
                size=$(stat -c %s empty/$file.npy)
                head -c 128 empty/$file.npy > start
                cp start empty/$file.npy
                truncate -s $size empty/$file.npy
            done
            cp -r --sparse=always empty small/run || exit 12
            train small/run && exit 13
            mount -o remount,size=3m small || exit 14
            train small/run || exit 15
            cp -r small/run resumed || exit 16
            """;
        (int exitCode, string output) = Finish(Start("unshare", [.. unshare, "sh", "-c", script]));
        Assert.True(exitCode == 0, $"exit code {exitCode}: {output}");
        Assert.Matches(@"RunTooLarge: The files of the run take \d+ bytes, and the disk of '.*' has \d+ available", output);
        Assert.Matches(@"RunWriteFailed: .* The \d+ of 600 models that are done stay", output);
        AssertSameBytes(_folder.File("undisturbed"), _folder.File("resumed"));
    }

    [Fact]
    public void A_folder_without_write_permission_is_said_and_nothing_is_changed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "permissions are set by mode (Unix)");
        Assert.SkipWhen(Environment.IsPrivilegedProcess && !Has("setpriv"), "root may write anywhere, and there is no setpriv");
        string run = _folder.File("run");
        Assert.Equal(0, Finish(StartTraining(run, 1, models: 4)).ExitCode);
        byte[] marks = new byte[16];
        using (FileStream file = File.OpenWrite(Path.Combine(run, "completed.npy")))
        {
            file.Position = 128;
            file.Write(marks);
        }

        SetMode("555", run);
        SetMode("444", Directory.GetFiles(run));
        SetMode("755", _folder.Path);
        string folder = Directory.CreateDirectory(_folder.File("closed")).FullName;
        SetMode("555", folder);
        try
        {
            (int exitCode, string output) = Finish(StartTraining(Path.Combine(folder, "run"), 1, unprivileged: true));
            Assert.Equal((2, "RunFolderNotWritable"), (exitCode, output.Split(':')[0]));
            (exitCode, output) = Finish(StartTraining(folder, 1, unprivileged: true));
            Assert.Equal((2, "RunFolderNotWritable"), (exitCode, output.Split(':')[0]));
            Assert.Empty(Directory.GetFileSystemEntries(folder));
            (exitCode, output) = Finish(StartTraining(run, 1, models: 4, unprivileged: true));
            Assert.Equal((2, "RunNotWritable"), (exitCode, output.Split(':')[0]));
            Assert.Equal(marks, File.ReadAllBytes(Path.Combine(run, "completed.npy"))[128..]);
        }
        finally
        {
            SetMode("755", run, folder);
        }
    }

    private static void SetMode(string mode, params string[] paths) =>
        Assert.Equal(0, Finish(Start("chmod", [mode, .. paths])).ExitCode);
}
