namespace Datamodels.Build.Help;

/// <summary>The help of the cmdlets: the pages in docs/cmdlets and, made of them and of the code, what Get-Help reads.</summary>
internal static class CmdletHelp
{
    /// <summary>PowerShell looks for it beside the manifest, by the name of the assembly.</summary>
    public static string FileIn(Repository repository) => repository.PathOf("en-US", "Datamodels.PowerShell.dll-Help.xml");

    public static string PageOf(Repository repository, string cmdlet) => repository.PathOf("docs", "cmdlets", cmdlet + ".md");

    /// <summary>The cmdlets, as compiled.</summary>
    public static IReadOnlyList<Cmdlet> Read(Repository repository) =>
        CmdletReader.Read(repository.PathOf("src", "Datamodels.PowerShell", "bin", Repository.Configuration, "net10.0"));

    /// <summary>Writes what Get-Help reads.</summary>
    public static void WriteMaml(Repository repository)
    {
        var help = Read(repository).Select(cmdlet => (cmdlet, HelpPage.Read(PageOf(repository, cmdlet.Name))));
        Directory.CreateDirectory(Path.GetDirectoryName(FileIn(repository))!);
        MamlWriter.Write(help).Save(FileIn(repository));
    }

    /// <summary>
    /// Brings the pages' parts that are not written by hand in step with the code; begins a page that is missing.
    /// </summary>
    public static int RefreshPages(Repository repository)
    {
        if (repository.Build() is not 0 and int failed)
        {
            return failed;
        }

        foreach (Cmdlet cmdlet in Read(repository))
        {
            string path = PageOf(repository, cmdlet.Name);
            string text = PageWriter.Write(cmdlet, HelpPage.Read(path));
            if (!File.Exists(path) || File.ReadAllText(path) != text)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllText(path, text);
                Console.WriteLine(path);
            }
        }

        return 0;
    }
}
