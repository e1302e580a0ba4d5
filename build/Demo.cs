namespace Datamodels.Build;

/// <summary>The main job, from the shell where there is one, else from the headless host: the same work.</summary>
internal static class Demo
{
    public static int Run(Repository repository)
    {
        if (repository.Build() is not 0 and int failed)
        {
            return failed;
        }

        if (PowerShellHost.Find(repository, out string reason) is PowerShellHost shell)
        {
            return shell.Run("& ./examples/digits/demo.ps1");
        }

        Console.WriteLine($"Left out: the cmdlets; the headless host does the work instead, because {reason}.");
        return repository.Dotnet(
            [
                "run", "--project", "src/Datamodels.Worker", "-c", Repository.Configuration, "--no-build",
                "--", "run", "examples/digits/experiment.yaml",
            ]);
    }
}
